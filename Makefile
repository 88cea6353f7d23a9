# How the hub is built, tested, measured and shown. `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

DASHBOARD := web/dashboard
TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),target))
# The Python of the tests is in venv/bin here; see deploy/install-test-tools.sh.
export HUB_TEST_TOOLS := $(abspath target/test-tools)
# The browser tests drive the system's Chromium, so Playwright need not fetch one of its own.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# An older cargo without nextest runs the same tests, only less isolated.
NEXTEST := $(shell command -v cargo-nextest 2>/dev/null)
# Real hubs, brokers and browsers share the machine with the compiler: two at a time are enough.
TEST_THREADS ?= 2

.PHONY: help
help: ## This list.
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## /  make \1\t/' | expand -t 18

.PHONY: demo
demo: dashboard-build ## Build everything, start the demo plant and print the address to open.
	cargo build --release --locked -p hub
	$(TARGET_DIR)/release/hub demo

.PHONY: check
check: dashboard-deps ## The fast part: format, lints, unit tests of the rules and actors, types of the dashboard.
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo test --locked -p domain -p actors --lib
	cd $(DASHBOARD) && npm run typecheck
	cd $(DASHBOARD) && npm run lint

# One recipe, so that the order holds whatever `-j` says, and the first failure ends it.
.PHONY: test
test: ## Everything: what `check` does, documentation, every test, and the dashboard in a real browser.
	deploy/install-test-tools.sh
	$(MAKE) --no-print-directory dashboard-test
	$(MAKE) --no-print-directory rust-test
	$(MAKE) --no-print-directory types-check
	$(MAKE) --no-print-directory e2e

.PHONY: dashboard-deps
dashboard-deps:
	cd $(DASHBOARD) && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund; }

.PHONY: dashboard-build
dashboard-build: dashboard-deps
	cd $(DASHBOARD) && npm run build

.PHONY: dashboard-test
dashboard-test:
	cd $(DASHBOARD) && npm ci --no-audit --no-fund
	cd $(DASHBOARD) && npm run typecheck
	cd $(DASHBOARD) && npm run lint
	cd $(DASHBOARD) && npm test
	cd $(DASHBOARD) && npm run build

.PHONY: rust-test
rust-test:
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	cargo build --locked -p hub
ifneq ($(NEXTEST),)
	cargo nextest run --locked --workspace --config-file config/nextest.toml --test-threads $(TEST_THREADS)
	cargo test --locked --workspace --doc
else
	cargo test --locked --workspace -- --test-threads $(TEST_THREADS)
endif

.PHONY: types types-check
types: dashboard-deps ## The dashboard's types of the API, made again from the hub's OpenAPI document.
	cargo build --locked -p hub
	cd $(DASHBOARD) && HUB_BIN=$(TARGET_DIR)/debug/hub npm run types
types-check: dashboard-deps
	cargo build --locked -p hub
	cd $(DASHBOARD) && HUB_BIN=$(TARGET_DIR)/debug/hub npm run types -- --check

.PHONY: e2e
e2e: ## The dashboard in a real browser against a real hub (after `make test` or a build of both).
	cargo build --locked -p hub
	cd $(DASHBOARD) && HUB_BIN=$(TARGET_DIR)/debug/hub npm run e2e

.PHONY: perf
perf: dashboard-deps ## Measure the board: 200 lines that never rest, ten minutes (PERF_SECONDS), with Chromium's own tracing.
	cd $(DASHBOARD) && npm run perf

.PHONY: screenshots
screenshots: dashboard-build ## The README's pictures from the running demo; SCREENS_DIR=folder: every view, size and theme too.
	cargo build --locked -p hub
	cd $(DASHBOARD) && HUB_BIN=$(TARGET_DIR)/debug/hub npm run screens

.PHONY: soak
soak: ## The long fault tests: 20 rounds of kill -9 under load instead of 5.
	deploy/install-test-tools.sh
	HUB_KILL_ROUNDS=20 cargo test --locked -p hub -- --include-ignored --test-threads 1

.PHONY: bench
bench: export HUB_BIN := $(TARGET_DIR)/release/hub
bench: ## Measure, each figure beside its reference of the same run.
	cargo build --release --locked -p hub -p load-tests
	cargo run --release --locked -p load-tests -- ingest
	cargo run --release --locked -p load-tests -- ingest --mix model
	cargo run --release --locked -p load-tests -- latency
	cargo bench --locked -p load-tests
