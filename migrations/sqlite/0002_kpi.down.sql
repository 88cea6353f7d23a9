-- Drops everything that 0002_kpi.up.sql created; `hub rebuild` makes the rows again from the log.
DROP VIEW kpi_days;
DROP VIEW kpi_shifts;
DROP INDEX orders_by_start;
DROP TABLE kpi_hours;
DROP TABLE machine_states;
