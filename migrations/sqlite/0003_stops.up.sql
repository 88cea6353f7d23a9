-- Stops that nobody has classified yet are few among all of them, and looked for often.

CREATE INDEX unclassified_stops_by_time ON stops (tenant, site, line, from_ms, id) WHERE reason IS NULL;
