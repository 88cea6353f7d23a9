-- The log of events, the projections that follow from it, and who may do what.
-- Quantities (`*_thousandths`) are integer thousandths, instants (`*_ms`) integer milliseconds since 1970 UTC.
-- `doc` is the whole object as JSON; the columns beside it are what lists filter, sort and sum by.

CREATE TABLE streams (
    id       INTEGER PRIMARY KEY,
    name     TEXT    NOT NULL UNIQUE,
    head_seq INTEGER NOT NULL,
    epoch    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE events (
    id        INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL REFERENCES streams (id),
    seq       INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    payload   TEXT    NOT NULL,
    UNIQUE (stream_id, seq)
) STRICT;

CREATE TABLE snapshots (
    stream_id INTEGER PRIMARY KEY REFERENCES streams (id),
    seq       INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    state     TEXT    NOT NULL
) STRICT;

-- The newest commits, so that one whose answer was lost is recognised when it comes again.
CREATE TABLE commits (
    id        INTEGER PRIMARY KEY,
    commit_id BLOB    NOT NULL UNIQUE
) STRICT;

CREATE TABLE counters (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

CREATE TABLE articles (
    tenant             TEXT    NOT NULL,
    code               TEXT    NOT NULL,
    designation        TEXT    NOT NULL,
    unit               TEXT    NOT NULL,
    category           TEXT,
    price_thousandths  INTEGER,
    minimum_thousandths INTEGER,
    allow_negative     INTEGER NOT NULL,
    search_text        TEXT    NOT NULL,
    doc                TEXT    NOT NULL,
    PRIMARY KEY (tenant, code)
) STRICT;
CREATE INDEX articles_by_category ON articles (tenant, category, code) WHERE category IS NOT NULL;
CREATE INDEX articles_for_search ON articles (tenant, code, search_text);

CREATE TABLE orders (
    tenant               TEXT    NOT NULL,
    code                 TEXT    NOT NULL,
    site                 TEXT    NOT NULL,
    line                 TEXT    NOT NULL,
    article              TEXT    NOT NULL,
    state                TEXT    NOT NULL,
    quantity_thousandths INTEGER NOT NULL,
    good_thousandths     INTEGER NOT NULL,
    scrap_thousandths    INTEGER NOT NULL,
    priority             INTEGER NOT NULL,
    customer             TEXT,
    due_ms               INTEGER,
    created_at_ms        INTEGER NOT NULL,
    started_at_ms        INTEGER,
    completed_at_ms      INTEGER,
    doc                  TEXT    NOT NULL,
    PRIMARY KEY (tenant, code, site)
) STRICT;
CREATE INDEX orders_by_state ON orders (tenant, state, code, site);
CREATE INDEX orders_by_line ON orders (tenant, line, code, site);
CREATE INDEX orders_by_article ON orders (tenant, article, code, site);

-- The row id is the order of recording.
CREATE TABLE movements (
    recording            INTEGER PRIMARY KEY,
    id                   TEXT    NOT NULL,
    tenant               TEXT    NOT NULL,
    site                 TEXT    NOT NULL,
    kind                 TEXT    NOT NULL,
    article              TEXT    NOT NULL,
    quantity_thousandths INTEGER NOT NULL,
    unit                 TEXT    NOT NULL,
    lot                  TEXT,
    location             TEXT,
    to_location          TEXT,
    order_code           TEXT,
    at_ms                INTEGER NOT NULL,
    origin               TEXT    NOT NULL,
    doc                  TEXT    NOT NULL,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX movements_by_site ON movements (tenant, site);
CREATE INDEX movements_by_tenant ON movements (tenant);
CREATE INDEX movements_by_article ON movements (tenant, article);
CREATE INDEX movements_by_lot ON movements (tenant, lot) WHERE lot IS NOT NULL;
CREATE INDEX movements_by_order ON movements (tenant, order_code) WHERE order_code IS NOT NULL;

-- '' is the unnamed location, and no lot.
CREATE TABLE stock_levels (
    tenant               TEXT    NOT NULL,
    site                 TEXT    NOT NULL,
    article              TEXT    NOT NULL,
    location             TEXT    NOT NULL,
    lot                  TEXT    NOT NULL,
    quantity_thousandths INTEGER NOT NULL,
    PRIMARY KEY (tenant, site, article, location, lot)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_levels_by_article ON stock_levels (tenant, article);
CREATE INDEX stock_levels_by_lot ON stock_levels (tenant, lot) WHERE lot <> '';

CREATE TABLE alerts (
    tenant        TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    site          TEXT    NOT NULL,
    line          TEXT,
    machine       TEXT,
    rule          TEXT    NOT NULL,
    severity      TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    open          INTEGER NOT NULL,
    raised_at_ms  INTEGER NOT NULL,
    acked_at_ms   INTEGER,
    acked_by      TEXT,
    cleared_at_ms INTEGER,
    doc           TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX alerts_by_time ON alerts (tenant, raised_at_ms, id);
CREATE INDEX open_alerts_by_time ON alerts (tenant, raised_at_ms, id) WHERE open = 1;

CREATE TABLE stops (
    tenant  TEXT    NOT NULL,
    site    TEXT    NOT NULL,
    line    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    machine TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    reason  TEXT,
    from_ms INTEGER NOT NULL,
    to_ms   INTEGER,
    doc     TEXT    NOT NULL,
    PRIMARY KEY (tenant, site, line, id)
) STRICT;
CREATE INDEX stops_by_time ON stops (tenant, site, line, from_ms, id);

CREATE TABLE series (
    id      INTEGER PRIMARY KEY,
    tenant  TEXT NOT NULL,
    site    TEXT NOT NULL,
    line    TEXT NOT NULL,
    metric  TEXT NOT NULL,
    machine TEXT NOT NULL,
    UNIQUE (tenant, site, line, metric, machine)
) STRICT;

-- Exactly one of the values is set.
CREATE TABLE samples (
    series_id INTEGER NOT NULL REFERENCES series (id),
    at_ms     INTEGER NOT NULL,
    number    REAL,
    flag      INTEGER,
    text      TEXT,
    PRIMARY KEY (series_id, at_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letters (
    tenant         TEXT    NOT NULL,
    id             TEXT    NOT NULL,
    topic          TEXT    NOT NULL,
    payload        TEXT    NOT NULL,
    retryable      INTEGER NOT NULL,
    message_id     TEXT,
    code           TEXT    NOT NULL,
    detail         TEXT    NOT NULL,
    sender         TEXT    NOT NULL,
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX dead_letters_by_time ON dead_letters (tenant, received_at_ms, id);

CREATE TABLE tenants (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    id            TEXT    PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    disabled      INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL
) STRICT;

-- `roles` and `sites` are JSON arrays; no `sites` is every site.
CREATE TABLE memberships (
    user_id  TEXT    NOT NULL REFERENCES users (id),
    tenant   TEXT    NOT NULL,
    position INTEGER NOT NULL,
    roles    TEXT    NOT NULL,
    sites    TEXT,
    PRIMARY KEY (user_id, tenant)
) STRICT;
CREATE INDEX memberships_by_tenant ON memberships (tenant);

CREATE TABLE devices (
    username      TEXT    PRIMARY KEY,
    tenant        TEXT    NOT NULL,
    token_sha256  TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    scope         TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    revoked_at_ms INTEGER
) STRICT;
CREATE INDEX devices_by_tenant ON devices (tenant, username);

-- A login; its refresh tokens are one family.
CREATE TABLE sessions (
    family          TEXT    PRIMARY KEY,
    user_id         TEXT    NOT NULL,
    tenant          TEXT    NOT NULL,
    created_at_ms   INTEGER NOT NULL,
    refreshed_at_ms INTEGER NOT NULL,
    expires_at_ms   INTEGER NOT NULL,
    revoked_at_ms   INTEGER,
    user_agent      TEXT    NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE refresh_tokens (
    token_sha256  TEXT    PRIMARY KEY,
    family        TEXT    NOT NULL REFERENCES sessions (family) ON DELETE CASCADE,
    expires_at_ms INTEGER NOT NULL,
    used_at_ms    INTEGER
) STRICT;
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);

CREATE TABLE signing_keys (
    kid           TEXT    PRIMARY KEY,
    secret        BLOB    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    retired_at_ms INTEGER
) STRICT;

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    tenant  TEXT,
    at_ms   INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    object  TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    peer    TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_by_tenant ON audit (tenant);

CREATE TABLE answers (
    tenant         TEXT    NOT NULL,
    key            TEXT    NOT NULL,
    request_sha256 TEXT    NOT NULL,
    status         INTEGER NOT NULL,
    location       TEXT,
    body           TEXT    NOT NULL,
    at_ms          INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT;
CREATE INDEX answers_by_time ON answers (at_ms);
