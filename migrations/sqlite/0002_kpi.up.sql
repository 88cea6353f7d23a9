-- The history of machines: which state each was in since when, and what each slice of a local hour adds up to.
-- A slice is cut at local hours and at the bounds of shifts; `day` is the local calendar day it lies in, `shift` and
-- `shift_from_ms` are null outside every shift. States are summed within planned time, `overtime_ms` is running outside it.

CREATE TABLE machine_states (
    tenant  TEXT    NOT NULL,
    site    TEXT    NOT NULL,
    line    TEXT    NOT NULL,
    machine TEXT    NOT NULL,
    from_ms INTEGER NOT NULL,
    state   TEXT    NOT NULL,
    reason  TEXT,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (tenant, site, line, machine, from_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE kpi_hours (
    tenant            TEXT    NOT NULL,
    site              TEXT    NOT NULL,
    line              TEXT    NOT NULL,
    from_ms           INTEGER NOT NULL,
    machine           TEXT    NOT NULL,
    to_ms             INTEGER NOT NULL,
    day               TEXT    NOT NULL,
    shift             TEXT,
    shift_from_ms     INTEGER,
    running_ms        INTEGER NOT NULL,
    idle_ms           INTEGER NOT NULL,
    setup_ms          INTEGER NOT NULL,
    down_ms           INTEGER NOT NULL,
    maintenance_ms    INTEGER NOT NULL,
    overtime_ms       INTEGER NOT NULL,
    good_thousandths  INTEGER NOT NULL,
    scrap_thousandths INTEGER NOT NULL,
    planned_run_ms    INTEGER NOT NULL,
    PRIMARY KEY (tenant, site, line, from_ms, machine)
) STRICT, WITHOUT ROWID;

-- Which orders ran on a line in a span of time.
CREATE INDEX orders_by_start ON orders (tenant, site, line, started_at_ms) WHERE started_at_ms IS NOT NULL;

-- For people with SQL. A shift belongs to the day it begins on.
CREATE VIEW kpi_shifts AS
SELECT tenant, site, line, machine, min(day) AS day, shift, shift_from_ms,
    sum(running_ms) AS running_ms, sum(idle_ms) AS idle_ms, sum(setup_ms) AS setup_ms, sum(down_ms) AS down_ms,
    sum(maintenance_ms) AS maintenance_ms, sum(overtime_ms) AS overtime_ms,
    sum(good_thousandths) AS good_thousandths, sum(scrap_thousandths) AS scrap_thousandths,
    sum(planned_run_ms) AS planned_run_ms
FROM kpi_hours WHERE shift IS NOT NULL
GROUP BY tenant, site, line, machine, shift_from_ms, shift;

CREATE VIEW kpi_days AS
SELECT tenant, site, line, machine, day,
    sum(running_ms) AS running_ms, sum(idle_ms) AS idle_ms, sum(setup_ms) AS setup_ms, sum(down_ms) AS down_ms,
    sum(maintenance_ms) AS maintenance_ms, sum(overtime_ms) AS overtime_ms,
    sum(good_thousandths) AS good_thousandths, sum(scrap_thousandths) AS scrap_thousandths,
    sum(planned_run_ms) AS planned_run_ms
FROM kpi_hours
GROUP BY tenant, site, line, machine, day;
