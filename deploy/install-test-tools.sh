#!/usr/bin/env bash
# Installs what the tests need beside Rust and Node: an MQTT broker and other people's MQTT clients, and a browser.
# Quick when everything is there; installs Debian packages only where one is missing, which needs root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools="$PWD/target/test-tools"
clients="$PWD/hub/tests/clients"

missing=()
need() { # need PACKAGE COMMAND…: the package is missing unless one of the commands is there
    local package=$1 command
    shift
    for command in "$@"; do
        # Debian keeps servers in /usr/sbin, which need not be in the path of a user.
        if PATH="$PATH:/usr/sbin:/sbin" command -v "$command" >/dev/null; then return; fi
    done
    missing+=("$package")
}
need mosquitto mosquitto
need mosquitto-clients mosquitto_pub
need chromium chromium chromium-browser google-chrome
need python3-venv python3
if command -v python3 >/dev/null && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    missing+=(python3-venv)
fi

if ((${#missing[@]})); then
    as_root=()
    if [[ $EUID -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            echo "the tests need these Debian packages, and only root can install them: ${missing[*]}" >&2
            exit 1
        fi
        as_root=(sudo -n)
    fi
    echo "installing ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
fi

# The Python client, in an environment of its own.
mkdir -p "$tools"
if ! cmp -s "$clients/requirements.txt" "$tools/venv/installed.txt"; then
    rm -rf "$tools/venv"
    python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$clients/requirements.txt"
    cp "$clients/requirements.txt" "$tools/venv/installed.txt"
fi

# The JavaScript client, beside the script that imports it.
if ! cmp -s "$clients/package-lock.json" "$clients/node_modules/installed.json"; then
    npm ci --prefix "$clients" --no-audit --no-fund --ignore-scripts
    cp "$clients/package-lock.json" "$clients/node_modules/installed.json"
fi
