/** The types of the REST and live API, made from the OpenAPI document of the hub by `npm run types`; not to be edited. */
export interface paths {
    "/api/v1/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rules that raise alerts.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_alert_rules"];
        put?: never;
        /**
         * Adds a rule.
         * @description Roles: supervisor, admin.
         */
        post: operations["create_alert_rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-rules/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A rule.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["get_alert_rule"];
        put?: never;
        post?: never;
        /**
         * Removes a rule.
         * @description Roles: supervisor, admin.
         */
        delete: operations["remove_alert_rule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Alerts, newest first; `open`: those that are not closed.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An alert.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["get_alert"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/ack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes note of an alert; again changes nothing.
         * @description Roles: operator, supervisor, admin.
         */
        post: operations["acknowledge_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/articles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Articles; `search` looks at code and designation.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_articles"];
        put?: never;
        /**
         * Adds an article.
         * @description Roles: planner, admin. Not for users limited to sites.
         */
        post: operations["create_article"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/articles/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An article.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["get_article"];
        put?: never;
        post?: never;
        /**
         * Removes an article without movements.
         * @description Roles: planner, admin. Not for users limited to sites.
         */
        delete: operations["remove_article"];
        options?: never;
        head?: never;
        /**
         * Changes an article.
         * @description Roles: planner, admin. Not for users limited to sites.
         */
        patch: operations["change_article"];
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest entries of the audit trail; there is no cursor.
         * @description Roles: admin. Not for users limited to sites.
         */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logs in.
         * @description 10 failures of an account or 50 from an address in 15 minutes are answered 429.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends the login of this token.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who the token speaks for.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trades a refresh token for new tokens.
         * @description A refresh token works once; a second use ends the login.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One's own logins.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Ends one of one's own logins.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Refused messages, newest first.
         * @description Who sees several sites only must name one.
         *
         *     Roles: supervisor, admin.
         */
        get: operations["list_dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A refused message.
         * @description Roles: supervisor, admin.
         */
        get: operations["get_dead_letter"];
        put?: never;
        post?: never;
        /**
         * Discards a refused message.
         * @description Roles: supervisor, admin.
         */
        delete: operations["remove_dead_letter"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discards a refused message.
         * @description Roles: supervisor, admin.
         */
        post: operations["discard_dead_letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a refused message again.
         * @description The letter stays if it is refused again.
         *
         *     Roles: supervisor, admin.
         */
        post: operations["retry_dead_letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The credentials of devices.
         * @description Roles: admin.
         */
        get: operations["list_devices"];
        put?: never;
        /**
         * Makes a credential; its token is shown this once.
         * @description Roles: admin.
         */
        post: operations["create_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revokes a credential.
         * @description Roles: admin.
         */
        delete: operations["revoke_device"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{username}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives a credential a new token.
         * @description The sessions of the old one end.
         *
         *     Roles: admin.
         */
        post: operations["rotate_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ingest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes messages of devices; the answer comes after the commit.
         * @description At most 1,000 messages and 1 MiB; as NDJSON one message and one result a line. 503 if nothing could be stored within 10 s.
         *
         *     Roles: operator, storekeeper, supervisor, admin. Devices too.
         */
        post: operations["ingest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/kpi/losses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the time of a line, or of a site, went.
         * @description The last 24 h without `from` and `to`.
         *
         *     Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["kpi_losses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/kpi/oee": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * OEE of a line, or of every line of a site, with all its inputs.
         * @description The last 24 h without `from` and `to`; at most 2,000 items.
         *
         *     Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["kpi_oee"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Opens the live socket, sub-protocol `topsteel.v1`.
         * @description The first frame is `auth`; see the schemas `ClientFrame` and `ServerFrame`.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders by code.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_orders"];
        put?: never;
        /**
         * Plans an order.
         * @description Roles: planner, supervisor, admin.
         */
        post: operations["create_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An order.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["get_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes an order that is not closed.
         * @description Roles: planner, supervisor, admin.
         */
        patch: operations["change_order"];
        trace?: never;
    };
    "/api/v1/orders/{code}/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes an order to its next state.
         * @description `release` and `cancel` are for who plans orders: planner, supervisor, admin.
         *
         *     Roles: operator, supervisor, admin.
         */
        post: operations["step_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lines that were restarted too often.
         * @description Roles: supervisor, admin.
         */
        get: operations["list_quarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{site}/{line}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts a quarantined line again.
         * @description Roles: supervisor, admin.
         */
        post: operations["release_line"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The sites that the caller sees.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_sites"];
        put?: never;
        /**
         * Adds a site.
         * @description Roles: admin. Not for users limited to sites.
         */
        post: operations["create_site"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A site.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["get_site"];
        put?: never;
        post?: never;
        /**
         * Removes a site without lines.
         * @description Roles: admin. Not for users limited to sites.
         */
        delete: operations["remove_site"];
        options?: never;
        head?: never;
        /**
         * Changes a site.
         * @description Roles: admin. Not for users limited to sites.
         */
        patch: operations["change_site"];
        trace?: never;
    };
    "/api/v1/sites/{site}/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * When a site works; every shift of every day until it has said so.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["get_calendar"];
        /**
         * Says when a site works.
         * @description Roles: planner, supervisor, admin.
         */
        put: operations["set_calendar"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The lines of a site.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_lines"];
        put?: never;
        /**
         * Adds a line.
         * @description Roles: admin.
         */
        post: operations["create_line"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/lines/{line}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A line.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["get_line"];
        put?: never;
        post?: never;
        /**
         * Removes a line without open orders.
         * @description Roles: admin.
         */
        delete: operations["remove_line"];
        options?: never;
        head?: never;
        /**
         * Changes a line.
         * @description Roles: admin.
         */
        patch: operations["change_line"];
        trace?: never;
    };
    "/api/v1/sites/{site}/lines/{line}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log of the line, in order.
         * @description One request looks at 20,000 events at most: a page may be short, and its cursor leads on. `total` is refused.
         *
         *     Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["line_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/lines/{line}/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The machines of a line.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_machines"];
        put?: never;
        /**
         * Adds a machine; one machine of a line is its output.
         * @description Roles: admin.
         */
        post: operations["create_machine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/lines/{line}/machines/{machine}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A machine.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["get_machine"];
        put?: never;
        post?: never;
        /**
         * Removes a machine.
         * @description Roles: admin.
         */
        delete: operations["remove_machine"];
        options?: never;
        head?: never;
        /**
         * Changes a machine.
         * @description Roles: admin.
         */
        patch: operations["change_machine"];
        trace?: never;
    };
    "/api/v1/sites/{site}/lines/{line}/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One metric over time, downsampled.
         * @description The last hour without `from` and `to`.
         *
         *     Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["samples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/lines/{line}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The data of the live topic of the line.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["line_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/lines/{line}/stops": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * When the machines stood, newest first.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_stops"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/lines/{line}/stops/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One stop with the events it is made of.
         * @description The first event and the newest 64; none of a stop that ended before the hub kept them.
         *
         *     Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["stop"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Says why a machine stood, comments a stop, or cuts it in two.
         * @description Roles: operator, supervisor, admin.
         */
        patch: operations["change_stop"];
        trace?: never;
    };
    "/api/v1/sites/{site}/lines/{line}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the machines did, shifts and orders.
         * @description The shift that is on without `from` and `to`; at most 7 days.
         *
         *     Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/shifts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The shifts of a span, in instants.
         * @description A week from now without `from` and `to`; at most 62 days. `line`: with its own planned stops.
         *
         *     Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_shifts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stock/levels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is in stock where.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["stock_levels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stock/movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Movements, newest recorded first.
         * @description Roles: viewer, operator, storekeeper, planner, supervisor, admin.
         */
        get: operations["list_movements"];
        put?: never;
        /**
         * Books a movement.
         * @description Roles: storekeeper, supervisor, admin.
         */
        post: operations["book_movement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stock/movements:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Books 1 to 1,000 movements of a site, or none.
         * @description A refusal names `movements[i].field`.
         *
         *     Roles: storekeeper, supervisor, admin.
         */
        post: operations["book_movements"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The users of the tenant.
         * @description Roles: admin. Not for users limited to sites.
         */
        get: operations["list_users"];
        put?: never;
        /**
         * Adds a user.
         * @description Roles: admin. Not for users limited to sites.
         */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers as long as the process does. */
        get: operations["health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether messages are taken and acknowledged. */
        get: operations["health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures in the text format of Prometheus. */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Alert: {
            acked_at?: components["schemas"]["Instant"];
            acked_by?: string;
            cleared_at?: components["schemas"]["Instant"];
            /** Format: uuid */
            id: string;
            line?: components["schemas"]["Slug"];
            machine?: components["schemas"]["Slug"];
            raised_at: components["schemas"]["Instant"];
            /**
             * @description The rule's code, `alarm:CODE` of a machine's own alarm, or `quarantine`.
             * @example alarm:E-17
             */
            rule: string;
            severity: components["schemas"]["Severity"];
            site: components["schemas"]["Slug"];
            state: components["schemas"]["AlertState"];
            text: string;
        };
        /** @description How many alerts are active, by severity. */
        AlertCounts: {
            /** Format: int32 */
            critical: number;
            /** Format: int32 */
            high: number;
            /** Format: int32 */
            low: number;
            /** Format: int32 */
            medium: number;
        };
        AlertList: {
            items: components["schemas"]["Alert"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        /** @description When to raise an alert; without `site`, `line` or `machine` about every one. */
        AlertRule: {
            code: components["schemas"]["Slug"];
            /**
             * Format: double
             * @description How far the value must come back.
             */
            deadband?: number;
            /**
             * Format: int32
             * @description Of `down_longer_than`.
             */
            duration_s?: number;
            kind: components["schemas"]["RuleKind"];
            /** Format: double */
            limit?: number;
            line?: components["schemas"]["Slug"];
            machine?: components["schemas"]["Slug"];
            /** @description Of `measure_above` and `measure_below`. */
            metric?: components["schemas"]["MetricName"];
            /** Format: int32 */
            on_delay_s?: number;
            severity: components["schemas"]["Severity"];
            site?: components["schemas"]["Slug"];
        };
        AlertRuleList: {
            items: components["schemas"]["AlertRule"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        /** @description The data of the topics `alerts` and `alerts/{site}`; a closed alert leaves. */
        AlertsData: {
            /** @description By id. */
            alerts: {
                [key: string]: components["schemas"]["LiveAlert"];
            };
        };
        /**
         * @description The life of an alert (ISA-18.2).
         * @enum {string}
         */
        AlertState: "raised" | "acknowledged" | "cleared";
        /**
         * @description What the light of a line shows.
         * @enum {string}
         */
        AndonColor: "green" | "amber" | "red" | "grey";
        Article: {
            allow_negative: boolean;
            category?: string;
            code: components["schemas"]["ArticleCode"];
            designation: string;
            metadata?: Record<string, unknown>;
            /** @description What the stock of a site should not fall below. */
            minimum?: components["schemas"]["Quantity"];
            price?: components["schemas"]["Quantity"];
            unit: components["schemas"]["UnitCode"];
        };
        /**
         * @description The code of an article: no control characters.
         * @example BAR-40-S235
         */
        ArticleCode: string;
        ArticleList: {
            items: components["schemas"]["Article"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        ArticlePatch: {
            allow_negative?: boolean | null;
            /** @description Null clears it. */
            category?: string | null;
            designation?: string | null;
            /** @description A merge patch of the metadata; null clears all of it. */
            metadata?: Record<string, unknown> | null;
            minimum?: components["schemas"]["QuantityInput"] | null;
            price?: components["schemas"]["QuantityInput"] | null;
            unit?: components["schemas"]["UnitCode"] | null;
        };
        AuditEntry: {
            /** @example orders.create */
            action: string;
            actor: string;
            at: components["schemas"]["Instant"];
            object: string;
            /** @description `ok`, or the code of the refusal. */
            outcome: string;
            peer: string;
        };
        AuditEntryList: {
            items: components["schemas"]["AuditEntry"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        /** @description When a site works, in local time. */
        Calendar: {
            /** @description Days with other shifts than their weekday has. */
            exceptions?: components["schemas"]["ExceptionDay"][];
            planned_stops?: components["schemas"]["PlannedStop"][];
            /** @description The shifts of every week. */
            shifts: components["schemas"]["ShiftPattern"][];
        };
        /** @description A stop after a change. */
        ChangedStop: {
            classified_at?: components["schemas"]["Instant"];
            /** @description The person whose word the reason is, or that there is none; absent while it is the machine's. */
            classified_by?: string;
            comment?: string;
            from: components["schemas"]["Instant"];
            /** Format: uuid */
            id: string;
            machine: components["schemas"]["Slug"];
            reason: components["schemas"]["FreeCode"] | null;
            /** @description The later part, where the stop was cut in two. */
            split_off?: components["schemas"]["Stop"];
            state: components["schemas"]["MachineState"];
            to: components["schemas"]["Instant"] | null;
        };
        /** @description A text frame from a client of `GET /api/v1/live`. */
        ClientFrame: {
            tenant?: components["schemas"]["Slug"] | null;
            token: string;
            /** @enum {string} */
            type: "auth";
        } | {
            since?: components["schemas"]["Position"] | null;
            topic: string;
            /** @enum {string} */
            type: "subscribe";
        } | {
            topic: string;
            /** @enum {string} */
            type: "unsubscribe";
        } | {
            /** @enum {string} */
            type: "ping";
        };
        DailyStop: {
            from: components["schemas"]["LocalTime"];
            name: string;
            to: components["schemas"]["LocalTime"];
        };
        /**
         * @description `stale`: not heard of for 5 minutes; `unknown`: offline.
         * @enum {string}
         */
        DataQuality: "good" | "stale" | "unknown";
        /** @description A message that was refused and set aside. */
        DeadLetter: {
            code: string;
            detail: string;
            /** Format: uuid */
            id: string;
            message_id?: string;
            /** @description The element as it was sent, at most 4 KiB of it. */
            payload: string;
            received_at: components["schemas"]["Instant"];
            retryable: boolean;
            sender: string;
            topic: string;
        };
        DeadLetterList: {
            items: components["schemas"]["DeadLetter"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        Device: {
            /** @description Whether a session of it is open at the MQTT endpoint now. */
            connected: boolean;
            /** @description Its sessions, the oldest first, at most 100. */
            connections: components["schemas"]["DeviceConnection"][];
            created_at: components["schemas"]["Instant"];
            /** @description When its newest message was received, over MQTT or HTTP, whatever came of it; absent where none came since the hub started. */
            last_message_at?: components["schemas"]["Instant"];
            name: string;
            revoked_at?: components["schemas"]["Instant"];
            /**
             * @description `site[/line[/machine]]`; empty: the whole tenant.
             * @example linz/saw/saw-1
             */
            scope: string;
            /** @description The user name of MQTT and of HTTP Basic. */
            username: string;
        };
        /** @description A session at the MQTT endpoint. */
        DeviceConnection: {
            client_id: string;
            /**
             * @description Address and port of the other end.
             * @example 10.0.0.7:49152
             */
            peer?: string;
            /**
             * @description The version of MQTT: `3.1.1` or `5`.
             * @example 5
             */
            protocol: string;
            since: components["schemas"]["Instant"];
        };
        DeviceList: {
            items: components["schemas"]["Device"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        /** @description One message: `topic`, what every message may have, and the fields of the topic's channel. */
        DeviceMessage: {
            /** @description Of `order`: `start`, `pause`, `resume` or `complete`. */
            action?: components["schemas"]["OrderAction"];
            /** @description Of `alarm`. */
            active?: boolean;
            /** @description Of `stock`. */
            article?: components["schemas"]["ArticleCode"];
            /** @description The device's time. */
            at?: components["schemas"]["InstantInput"];
            /** @description The device kept it while it was offline. */
            buffered?: boolean;
            /** @description Of `alarm`. */
            code?: string;
            /** @description Of `count`: an increment. */
            good?: components["schemas"]["QuantityInput"];
            /** @description Makes the message count once. */
            id?: string;
            /** @description Of `stock`. */
            kind?: components["schemas"]["MovementKind"];
            /** @description Of `stock`. */
            location?: components["schemas"]["FreeCode"];
            /** @description Of `stock`. */
            lot?: components["schemas"]["FreeCode"];
            /** @description Of `order` and `stock`. */
            order?: components["schemas"]["FreeCode"];
            /** @description Of `stock`. */
            quantity?: components["schemas"]["QuantityInput"];
            /** @description Of `state`. */
            reason?: components["schemas"]["FreeCode"];
            /** @description Of `count`: an increment. */
            scrap?: components["schemas"]["QuantityInput"];
            /** @description Of `alarm`; `medium` without it. */
            severity?: components["schemas"]["Severity"];
            /** @description Of `state`. */
            state?: components["schemas"]["MachineState"];
            /** @description Of `alarm`. */
            text?: string;
            /** @description Of `stock` with `transfer`. */
            to_location?: components["schemas"]["FreeCode"];
            /**
             * @description `hub/v1/{tenant}/{site}/{line}/{machine}/{channel}`, or `hub/v1/{tenant}/{site}/stock`.
             * @example hub/v1/acme/linz/saw/saw-1/count
             */
            topic: string;
            /** @description Of `count`: a running total. */
            total_good?: components["schemas"]["QuantityInput"];
            /** @description Of `count`: a running total. */
            total_scrap?: components["schemas"]["QuantityInput"];
            /** @description Of `stock`. */
            unit?: components["schemas"]["UnitCode"];
            /** @description Of `measure`. */
            values?: {
                [key: string]: components["schemas"]["MeasureValue"];
            };
        };
        /** @description One message, or 1 to 1,000. */
        DeviceMessages: components["schemas"]["DeviceMessage"] | components["schemas"]["DeviceMessage"][];
        /** @description A credential with its secret, which is shown this once. */
        DeviceWithToken: {
            created_at: components["schemas"]["Instant"];
            name: string;
            revoked_at?: components["schemas"]["Instant"];
            /** @example linz/saw/saw-1 */
            scope: string;
            /** @description The password of MQTT and of HTTP Basic; absent where an answer is given again for its `Idempotency-Key`. */
            token?: string;
            username: string;
        };
        ExceptionDay: {
            date: components["schemas"]["LocalDate"];
            /** @description Such as the name of a holiday. */
            name?: string;
            shifts?: components["schemas"]["ShiftPattern"][];
        };
        /** @description One field at fault. */
        FieldError: {
            code: string;
            /** @description The rule that was broken. */
            detail: string;
            /**
             * @description As the sender wrote it.
             * @example values.temp
             */
            field: string;
        };
        /**
         * @description The code of an order, a lot, a location or a reason: no control characters.
         * @example PO-2026-0117
         */
        FreeCode: string;
        /** @description The tokens of a login. */
        Grant: {
            access_token: string;
            /**
             * Format: int64
             * @description Seconds until the access token expires.
             */
            expires_in: number;
            /** @description Works once. */
            refresh_token: string;
            /** @example Bearer */
            token_type: string;
            user: components["schemas"]["Me"];
        };
        /**
         * Format: date-time
         * @description RFC 3339 in UTC with three decimals.
         * @example 2026-11-22T13:00:00.123Z
         */
        Instant: string;
        /** @description RFC 3339 with a zone, or milliseconds since 1970. */
        InstantInput: string | number;
        /**
         * @description How long one figure is.
         * @enum {string}
         */
        KpiBucket: "hour" | "shift" | "day";
        LevelChange: {
            location?: components["schemas"]["FreeCode"];
            quantity: components["schemas"]["Quantity"];
        };
        Line: {
            code: components["schemas"]["Slug"];
            name: string;
            /**
             * Format: double
             * @description The OEE that it should reach.
             */
            oee_target?: number;
            /** @description Why its machines stand, for people to choose from; with none, any reason will do. */
            reasons: components["schemas"]["StopReason"][];
        };
        LineAlert: {
            machine?: components["schemas"]["Slug"];
            raised_at: components["schemas"]["Instant"];
            rule: string;
            severity: components["schemas"]["Severity"];
            state: components["schemas"]["AlertState"];
            text: string;
        };
        /** @description The data of the topic `line/{site}/{line}`. */
        LineData: {
            /** @description By id. */
            alerts: {
                [key: string]: components["schemas"]["LineAlert"];
            };
            line: components["schemas"]["LineHead"];
            /** @description By code. */
            machines: {
                [key: string]: components["schemas"]["LiveMachine"];
            };
            order?: components["schemas"]["LiveOrder"];
            shift?: components["schemas"]["LiveShift"];
            /** @description Those that last and the newest 20 that ended in this shift, by id. */
            stops: {
                [key: string]: components["schemas"]["LiveStop"];
            };
        };
        /** @description An event of the log of a line. */
        LineEvent: {
            at: components["schemas"]["Instant"];
            data: Record<string, unknown>;
            /** @example stop_started */
            kind: string;
            /** Format: int64 */
            seq: number;
        };
        LineEventList: {
            items: components["schemas"]["LineEvent"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        LineHead: {
            andon: components["schemas"]["AndonColor"];
            code: components["schemas"]["Slug"];
            name: string;
            /** @description While a planned stop of the calendar holds. */
            planned_stop?: components["schemas"]["LivePlannedStop"];
            status: components["schemas"]["MachineState"];
        };
        LineList: {
            items: components["schemas"]["Line"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        LinePatch: {
            name?: string | null;
            /**
             * Format: double
             * @description Null clears it.
             */
            oee_target?: number | null;
            /** @description All of them; null: none. */
            reasons?: components["schemas"]["StopReason"][] | null;
        };
        /** @description `status`, `since` and `reason` are those of the output machine, or of the one that needs a person most. */
        LineTile: {
            alerts: components["schemas"]["AlertCounts"];
            andon: components["schemas"]["AndonColor"];
            machines: components["schemas"]["MachineCounts"];
            name: string;
            order?: components["schemas"]["TileOrder"];
            /** @description While a planned stop of the calendar holds. */
            planned_stop?: components["schemas"]["LivePlannedStop"];
            reason?: components["schemas"]["FreeCode"];
            /** @description What the line calls that reason, if it has it. */
            reason_name?: string;
            /** @description Absent when no shift is on. */
            shift?: components["schemas"]["TileShift"];
            since?: components["schemas"]["Instant"];
            status: components["schemas"]["MachineState"];
        };
        LiveAlert: {
            acked_at?: components["schemas"]["Instant"];
            acked_by?: string;
            cleared_at?: components["schemas"]["Instant"];
            line?: components["schemas"]["Slug"];
            machine?: components["schemas"]["Slug"];
            raised_at: components["schemas"]["Instant"];
            rule: string;
            severity: components["schemas"]["Severity"];
            site: components["schemas"]["Slug"];
            state: components["schemas"]["AlertState"];
            text: string;
        };
        LiveMachine: {
            /** @description There when it is true. */
            clock_skew?: boolean;
            good: components["schemas"]["Quantity"];
            /** @description By metric. */
            measures: {
                [key: string]: components["schemas"]["LiveMeasure"];
            };
            name: string;
            quality: components["schemas"]["DataQuality"];
            reason?: components["schemas"]["FreeCode"];
            scrap: components["schemas"]["Quantity"];
            since?: components["schemas"]["Instant"];
            state: components["schemas"]["MachineState"];
        };
        LiveMeasure: {
            at: components["schemas"]["Instant"];
            value: components["schemas"]["MeasureValue"];
        };
        LiveMessage: {
            /** @description When it was received. */
            at: components["schemas"]["Instant"];
            /** @description Absent where the topic is outside the grammar. */
            channel?: string;
            /** @description The stable code of a refusal. */
            code?: string;
            /** @description Field and rule of a refusal. */
            detail?: string;
            id?: string;
            /**
             * Format: int64
             * @description Its place in the packet, where that was an array.
             */
            index?: number;
            /** @description As far as the topic names one. */
            line?: components["schemas"]["Slug"];
            machine?: components["schemas"]["Slug"];
            /** @description As it was sent, at most 1 KiB of it. */
            payload: string;
            /** @description A device's user name, or a user's email. */
            sender: string;
            /**
             * Format: int64
             * @description How many messages were left out just before this one; absent where none.
             */
            skipped?: number;
            status: components["schemas"]["MessageStatus"];
            /** @description As the sender wrote it, at most 300 bytes of it. */
            topic: string;
            /** @description There when it is true. */
            truncated?: boolean;
        };
        Liveness: {
            /** @example live */
            status: string;
        };
        LiveOrder: {
            article: components["schemas"]["ArticleCode"];
            code: components["schemas"]["FreeCode"];
            due?: components["schemas"]["Instant"];
            /** @description At the pace since the start, in whole minutes. */
            expected_end?: components["schemas"]["Instant"];
            good: components["schemas"]["Quantity"];
            quantity: components["schemas"]["Quantity"];
            scrap: components["schemas"]["Quantity"];
            started_at: components["schemas"]["Instant"];
        };
        /** @description A planned stop that holds now. */
        LivePlannedStop: {
            name: string;
            to: components["schemas"]["Instant"];
        };
        /** @description A figure with a missing input is absent. */
        LiveShift: {
            availability?: components["schemas"]["Ratio"];
            effectiveness?: components["schemas"]["Ratio"];
            from: components["schemas"]["Instant"];
            good: components["schemas"]["Quantity"];
            name: string;
            oee?: components["schemas"]["Ratio"];
            quality?: components["schemas"]["Ratio"];
            scrap: components["schemas"]["Quantity"];
            target?: components["schemas"]["Quantity"];
            to: components["schemas"]["Instant"];
        };
        LiveStop: {
            comment?: string;
            from: components["schemas"]["Instant"];
            machine: components["schemas"]["Slug"];
            reason?: components["schemas"]["FreeCode"];
            state: components["schemas"]["MachineState"];
            to?: components["schemas"]["Instant"];
        };
        /** @description Who a session is. */
        LiveUser: {
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            roles: components["schemas"]["RoleName"][];
            /** @description Absent: every site. */
            sites?: components["schemas"]["Slug"][];
            tenant: components["schemas"]["Slug"];
        };
        /**
         * Format: date
         * @description A day on the clock of the site.
         * @example 2026-12-25
         */
        LocalDate: string;
        /**
         * @description A time of day on the clock of the site.
         * @example 06:00
         */
        LocalTime: string;
        Login: {
            /** @example ana@plant.example */
            email: string;
            password: string;
        };
        /** @description Where time went, the largest loss first. */
        LossAnalysis: {
            from: components["schemas"]["Instant"];
            items: components["schemas"]["TimeLoss"][];
            /** Format: int64 */
            loss_ms: number;
            /** Format: int64 */
            planned_busy_ms: number;
            to: components["schemas"]["Instant"];
        };
        /** @enum {string} */
        LossKind: "stop" | "speed" | "scrap";
        Machine: {
            code: components["schemas"]["Slug"];
            /**
             * Format: double
             * @description The shortest time for one piece.
             */
            ideal_cycle_s?: number;
            /** @description The same for pieces of some articles, in seconds by code. */
            ideal_cycles: {
                [key: string]: number;
            };
            name: string;
            /** @description Whether its good count is the output of the line. */
            output: boolean;
        };
        MachineCounts: {
            /** Format: int32 */
            down: number;
            /** Format: int32 */
            idle: number;
            /** Format: int32 */
            maintenance: number;
            /** Format: int32 */
            offline: number;
            /** Format: int32 */
            running: number;
            /** Format: int32 */
            setup: number;
        };
        MachineList: {
            items: components["schemas"]["Machine"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        MachinePatch: {
            /**
             * Format: double
             * @description Null clears it.
             */
            ideal_cycle_s?: number | null;
            /** @description An article that is not named stays; null takes one away, or all of them. */
            ideal_cycles?: {
                [key: string]: number | null;
            } | null;
            name?: string | null;
            output?: boolean | null;
        };
        /**
         * @description What a machine does; `offline`: nobody knows.
         * @enum {string}
         */
        MachineState: "running" | "idle" | "setup" | "down" | "maintenance" | "offline";
        MachineTimeline: {
            name: string;
            states: components["schemas"]["StateSpan"][];
        };
        /** @description A user as they see themselves. */
        Me: {
            default_tenant: components["schemas"]["Slug"] | null;
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            roles: components["schemas"]["RoleName"][];
            /** @description Null: every site. */
            sites: components["schemas"]["Slug"][] | null;
            /** @description The tenant of this request. */
            tenant: components["schemas"]["Slug"];
            tenants: components["schemas"]["Slug"][];
        };
        /** @description A number, a flag, or a text of at most 256 characters. */
        MeasureValue: number | boolean | string;
        /** @description What came of one message. */
        MessageResult: {
            /**
             * @description Why it is refused; `overloaded`, `store_unavailable` and `line_quarantined` were not stored and may be sent again.
             * @example unknown_machine
             */
            code?: string;
            detail?: string;
            id?: string;
            status: components["schemas"]["MessageStatus"];
        };
        /** @description One result a message, in order. */
        MessageResults: {
            results: components["schemas"]["MessageResult"][];
        };
        /** @description The data of the topics `messages/{site}` and `messages/{site}/{line}`. */
        MessagesData: {
            /** @description The newest 200, by keys of 16 digits that grow. */
            messages: {
                [key: string]: components["schemas"]["LiveMessage"];
            };
            /**
             * Format: int64
             * @description How many were left out since the newest entry, because there were too many to show; absent where none.
             */
            skipped?: number;
        };
        /** @enum {string} */
        MessageStatus: "accepted" | "duplicate" | "refused";
        /**
         * @description What a machine measures.
         * @example spindle_temp
         */
        MetricName: string;
        Movement: {
            article: components["schemas"]["ArticleCode"];
            at: components["schemas"]["Instant"];
            /** @description The user or device that booked it. */
            by: string;
            /** @description What it did to the levels. */
            changes: components["schemas"]["LevelChange"][];
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["MovementKind"];
            location?: components["schemas"]["FreeCode"];
            lot?: components["schemas"]["FreeCode"];
            order?: components["schemas"]["FreeCode"];
            quantity: components["schemas"]["Quantity"];
            site: components["schemas"]["Slug"];
            to_location?: components["schemas"]["FreeCode"];
            unit: components["schemas"]["UnitCode"];
        };
        /**
         * @description What kind of change of stock a movement is.
         * @enum {string}
         */
        MovementKind: "receive" | "issue" | "produce" | "consume" | "scrap" | "adjust" | "stocktake" | "transfer";
        MovementList: {
            items: components["schemas"]["Movement"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        /** @description What was booked, in the order of the request. */
        Movements: {
            items: components["schemas"]["Movement"][];
        };
        NamedMovements: {
            movements: components["schemas"]["NewMovement"][];
        };
        NewAlertRule: {
            code: components["schemas"]["Slug"];
            /**
             * Format: double
             * @description How far the value must come back; 0 without it.
             */
            deadband?: number | null;
            /**
             * Format: int32
             * @description Of `down_longer_than`, and required there.
             */
            duration_s?: number | null;
            kind: components["schemas"]["RuleKind"];
            /**
             * Format: double
             * @description Of `measure_above` and `measure_below`, and required there.
             */
            limit?: number | null;
            line?: components["schemas"]["Slug"] | null;
            machine?: components["schemas"]["Slug"] | null;
            metric?: components["schemas"]["MetricName"] | null;
            /**
             * Format: int32
             * @description 0 without it.
             */
            on_delay_s?: number | null;
            severity: components["schemas"]["Severity"];
            site?: components["schemas"]["Slug"] | null;
        };
        NewArticle: {
            allow_negative?: boolean;
            category?: string | null;
            code: components["schemas"]["ArticleCode"];
            designation: string;
            metadata?: Record<string, unknown> | null;
            minimum?: components["schemas"]["QuantityInput"] | null;
            price?: components["schemas"]["QuantityInput"] | null;
            unit: components["schemas"]["UnitCode"];
        };
        NewCalendar: {
            exceptions?: components["schemas"]["ExceptionDay"][];
            planned_stops?: components["schemas"]["NewPlannedStop"][];
            shifts: components["schemas"]["ShiftPattern"][];
        };
        NewDevice: {
            name: string;
            /**
             * @description `site[/line[/machine]]`; the whole tenant without it.
             * @example linz/saw/saw-1
             */
            scope?: string;
        };
        NewLine: {
            code: components["schemas"]["Slug"];
            name: string;
            /** Format: double */
            oee_target?: number | null;
            reasons?: components["schemas"]["StopReason"][];
        };
        NewMachine: {
            code: components["schemas"]["Slug"];
            /** Format: double */
            ideal_cycle_s?: number | null;
            /** @description In seconds by article; at most 200. */
            ideal_cycles?: {
                [key: string]: number;
            };
            name: string;
            output?: boolean;
        };
        NewMovement: {
            article: components["schemas"]["ArticleCode"];
            at?: components["schemas"]["InstantInput"] | null;
            kind: components["schemas"]["MovementKind"];
            location?: components["schemas"]["FreeCode"] | null;
            lot?: components["schemas"]["FreeCode"] | null;
            order?: components["schemas"]["FreeCode"] | null;
            /** @description More than 0; `adjust`: a signed difference, not 0; `stocktake`: what was counted, 0 or more. */
            quantity: components["schemas"]["QuantityInput"];
            site: components["schemas"]["Slug"];
            to_location?: components["schemas"]["FreeCode"] | null;
            unit?: components["schemas"]["UnitCode"] | null;
        };
        /** @description 1 to 1,000 movements of one site, all or nothing. */
        NewMovements: components["schemas"]["NamedMovements"] | components["schemas"]["NewMovement"][];
        NewOrder: {
            article: components["schemas"]["ArticleCode"];
            code: components["schemas"]["FreeCode"];
            customer?: string | null;
            due?: components["schemas"]["InstantInput"] | null;
            line: components["schemas"]["Slug"];
            /**
             * Format: int32
             * @description 100 without it.
             */
            priority?: number | null;
            quantity: components["schemas"]["QuantityInput"];
            site: components["schemas"]["Slug"];
        };
        NewPlannedStop: {
            from: components["schemas"]["InstantInput"];
            line?: components["schemas"]["Slug"] | null;
            name: string;
            to: components["schemas"]["InstantInput"];
        };
        NewSite: {
            code: components["schemas"]["Slug"];
            name: string;
            time_zone: components["schemas"]["TimeZone"];
        };
        NewUser: {
            email: string;
            name: string;
            /** @description 12 to 256 characters, not a common one. */
            password: string;
            roles: components["schemas"]["RoleName"][];
            /** @description Every site without it. */
            sites?: components["schemas"]["Slug"][] | null;
        };
        /** @description The indicators of lines by bucket; `shift` and `day` belong to the local day they begin on. */
        OeeHistory: {
            bucket: components["schemas"]["KpiBucket"];
            from: components["schemas"]["Instant"];
            items: components["schemas"]["OeeItem"][];
            next_cursor: string | null;
            to: components["schemas"]["Instant"];
        };
        /** @description What the indicators are made of (ISO 22400-2). */
        OeeInputs: {
            /** Format: int64 */
            down_ms: number;
            good: components["schemas"]["Quantity"];
            /** Format: int64 */
            idle_ms: number;
            /** Format: int64 */
            maintenance_ms: number;
            /**
             * Format: int64
             * @description Running outside planned time.
             */
            overtime_ms: number;
            /**
             * Format: int64
             * @description `planned_ms` less `unknown_ms`, and `overtime_ms`.
             */
            planned_busy_ms: number;
            /** Format: int64 */
            planned_ms: number;
            /**
             * Format: int64
             * @description The time that what was produced takes at the ideal cycle.
             */
            planned_run_ms: number;
            /** Format: int64 */
            planned_stop_ms: number;
            produced: components["schemas"]["Quantity"];
            /** Format: int64 */
            running_ms: number;
            scrap: components["schemas"]["Quantity"];
            /** Format: int64 */
            setup_ms: number;
            target?: components["schemas"]["Quantity"];
            /** Format: int64 */
            unknown_ms: number;
        };
        /** @description A figure with a missing input is absent. */
        OeeItem: {
            /** @description `running_ms` / `planned_busy_ms`. */
            availability?: components["schemas"]["Ratio"];
            /** @description `planned_run_ms` / `running_ms`. */
            effectiveness?: components["schemas"]["Ratio"];
            from: components["schemas"]["Instant"];
            inputs: components["schemas"]["OeeInputs"];
            line: components["schemas"]["Slug"];
            oee?: components["schemas"]["Ratio"];
            /** @description `good` / `produced`. */
            quality?: components["schemas"]["Ratio"];
            /** @description Its name, of a shift. */
            shift?: string;
            site: components["schemas"]["Slug"];
            to: components["schemas"]["Instant"];
        };
        Order: {
            article: components["schemas"]["ArticleCode"];
            cancelled_at?: components["schemas"]["Instant"];
            code: components["schemas"]["FreeCode"];
            completed_at?: components["schemas"]["Instant"];
            created_at: components["schemas"]["Instant"];
            customer?: string;
            due?: components["schemas"]["Instant"];
            good: components["schemas"]["Quantity"];
            line: components["schemas"]["Slug"];
            /** Format: int32 */
            priority: number;
            quantity: components["schemas"]["Quantity"];
            released_at?: components["schemas"]["Instant"];
            scrap: components["schemas"]["Quantity"];
            site: components["schemas"]["Slug"];
            started_at?: components["schemas"]["Instant"];
            state: components["schemas"]["OrderState"];
        };
        /**
         * @description What is done to an order.
         * @enum {string}
         */
        OrderAction: "release" | "start" | "pause" | "resume" | "complete" | "cancel";
        OrderList: {
            items: components["schemas"]["Order"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        OrderPatch: {
            /** @description Null clears it. */
            customer?: string | null;
            due?: components["schemas"]["InstantInput"] | null;
            line?: components["schemas"]["Slug"] | null;
            /** Format: int32 */
            priority?: number | null;
            quantity?: components["schemas"]["QuantityInput"] | null;
        };
        /**
         * @description Where an order stands.
         * @enum {string}
         */
        OrderState: "created" | "released" | "running" | "paused" | "completed" | "cancelled";
        /** @description A planned stop in instants. */
        PlannedSpan: {
            from: components["schemas"]["Instant"];
            name: string;
            to: components["schemas"]["Instant"];
        };
        PlannedStop: {
            from: components["schemas"]["Instant"];
            /** @description Absent: every line of the site. */
            line?: components["schemas"]["Slug"];
            name: string;
            to: components["schemas"]["Instant"];
        };
        /** @description A place in the history of a topic; the epoch is a 64-bit number. */
        Position: {
            /** Format: int64 */
            epoch: number;
            /** Format: int64 */
            seq: number;
        };
        /** @description RFC 9457 problem details. */
        Problem: {
            /**
             * @description Stable; the same over MQTT, REST and WebSocket.
             * @example invalid_field
             */
            code: string;
            /** @example code: must match ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ */
            detail: string;
            errors?: components["schemas"]["FieldError"][];
            /** Format: int32 */
            status: number;
            /** @example Unprocessable Entity */
            title: string;
            /** @example urn:topsteel:problem:invalid_field */
            type: string;
        };
        /**
         * @description A decimal number with at most 3 decimals, as text so that no digit is lost.
         * @example 1250.5
         */
        Quantity: string;
        /** @description A decimal number or the same as text: at most 3 decimals, within ±10¹². */
        QuantityInput: number | string;
        /** @description A line that was restarted too often. */
        QuarantinedLine: {
            last_exit: string;
            line: components["schemas"]["Slug"];
            /** Format: int32 */
            restarts: number;
            since: components["schemas"]["Instant"];
            site: components["schemas"]["Slug"];
        };
        QuarantinedLineList: {
            items: components["schemas"]["QuarantinedLine"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        /**
         * @description A ratio with at most 4 decimals: 1 is 100 %.
         * @example 0.8125
         */
        Ratio: number;
        Readiness: {
            /** Format: int64 */
            journal_capacity: number;
            /**
             * Format: int64
             * @description Appends that wait for a commit.
             */
            journal_depth: number;
            /** Format: int64 */
            lines_quarantined: number;
            /** Format: int64 */
            lines_restarting: number;
            /** Format: int64 */
            lines_up: number;
            /** @description Whether messages are taken and acknowledged. */
            ready: boolean;
            store: components["schemas"]["StoreStatus"];
        };
        Refresh: {
            refresh_token: string;
        };
        /** @description The next tokens of a login. */
        Renewal: {
            access_token: string;
            /** Format: int64 */
            expires_in: number;
            refresh_token: string;
            /** @example Bearer */
            token_type: string;
        };
        /** @enum {string} */
        Reset: "slow";
        /**
         * @description What a user may do in a tenant.
         * @enum {string}
         */
        RoleName: "viewer" | "operator" | "storekeeper" | "planner" | "supervisor" | "admin";
        /** @enum {string} */
        RuleKind: "down_longer_than" | "measure_above" | "measure_below";
        SamplePoint: {
            at: components["schemas"]["Instant"];
            /** Format: double */
            value: number;
        };
        Samples: {
            from: components["schemas"]["Instant"];
            /** @description One series a machine. */
            items: components["schemas"]["SampleSeries"][];
            metric: components["schemas"]["MetricName"];
            to: components["schemas"]["Instant"];
            /** @description Whether the span held more samples than are read for one answer; what follows the last one is missing. */
            truncated: boolean;
        };
        SampleSeries: {
            machine: components["schemas"]["Slug"];
            points: components["schemas"]["SamplePoint"][];
            /**
             * Format: int64
             * @description How many numbers there were before downsampling.
             */
            samples: number;
        };
        /** @description A text frame from the server. */
        ServerFrame: {
            server_time: components["schemas"]["Instant"];
            /** @enum {string} */
            type: "ready";
            user: components["schemas"]["LiveUser"];
        } | {
            at: components["schemas"]["Instant"];
            data: components["schemas"]["TopicData"];
            /** Format: int64 */
            epoch: number;
            /** @description In place of what was missed. */
            reset?: components["schemas"]["Reset"];
            /** Format: int64 */
            seq: number;
            topic: string;
            /** @enum {string} */
            type: "snapshot";
        } | {
            at: components["schemas"]["Instant"];
            data: Record<string, unknown>;
            /** Format: int64 */
            epoch: number;
            /** Format: int64 */
            prev: number;
            /** Format: int64 */
            seq: number;
            topic: string;
            /** @enum {string} */
            type: "delta";
        } | {
            /** Format: int64 */
            epoch: number;
            /** Format: int64 */
            seq: number;
            topic: string;
            /** @enum {string} */
            type: "resumed";
        } | {
            code: string;
            detail: string;
            topic?: string;
            /** @enum {string} */
            type: "error";
        } | {
            server_time: components["schemas"]["Instant"];
            /** @enum {string} */
            type: "pong";
        } | {
            code: string;
            /** Format: int64 */
            retry_after_ms: number;
            /** @enum {string} */
            type: "closing";
        };
        Session: {
            created_at: components["schemas"]["Instant"];
            /** @description Whether it is the session of this request. */
            current: boolean;
            expires_at: components["schemas"]["Instant"];
            /** Format: uuid */
            id: string;
            refreshed_at: components["schemas"]["Instant"];
            user_agent: string;
        };
        SessionList: {
            items: components["schemas"]["Session"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        /**
         * @description How urgent an alert is (ISA-18.2 priority).
         * @enum {string}
         */
        Severity: "critical" | "high" | "medium" | "low";
        /** @description A shift in instants. */
        Shift: {
            /** @description The local day it belongs to. */
            date: components["schemas"]["LocalDate"];
            from: components["schemas"]["Instant"];
            name: string;
            planned_stops: components["schemas"]["PlannedSpan"][];
            to: components["schemas"]["Instant"];
        };
        ShiftList: {
            items: components["schemas"]["Shift"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        /** @description One that does not end after it begins goes over midnight; it belongs to the day it begins on. */
        ShiftPattern: {
            /** @description The days it begins on; none in an exception. */
            days?: components["schemas"]["Weekday"][];
            from: components["schemas"]["LocalTime"];
            /** @example early */
            name: string;
            /** @description Breaks. */
            planned_stops?: components["schemas"]["DailyStop"][];
            to: components["schemas"]["LocalTime"];
        };
        Site: {
            code: components["schemas"]["Slug"];
            name: string;
            time_zone: components["schemas"]["TimeZone"];
        };
        /** @description The data of the topic `site/{site}`. */
        SiteData: {
            alerts: components["schemas"]["AlertCounts"];
            /** @description By code. */
            lines: {
                [key: string]: components["schemas"]["LineTile"];
            };
            site: components["schemas"]["SiteHead"];
        };
        SiteHead: {
            code: components["schemas"]["Slug"];
            name: string;
            time_zone: components["schemas"]["TimeZone"];
        };
        SiteList: {
            items: components["schemas"]["Site"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        SitePatch: {
            name?: string | null;
            time_zone?: components["schemas"]["TimeZone"] | null;
        };
        /**
         * @description The code of a tenant, site, line, machine or alert rule.
         * @example saw-1
         */
        Slug: string;
        StateSpan: {
            from: components["schemas"]["Instant"];
            reason?: components["schemas"]["FreeCode"];
            state: components["schemas"]["MachineState"];
            to: components["schemas"]["Instant"] | null;
        };
        StockLevel: {
            article: components["schemas"]["ArticleCode"];
            /** @description Whether the article's sum over the site is below its minimum. */
            below_minimum: boolean;
            /** @description Absent: the site's unnamed location. */
            location?: components["schemas"]["FreeCode"];
            lot?: components["schemas"]["FreeCode"];
            quantity: components["schemas"]["Quantity"];
            site: components["schemas"]["Slug"];
            unit?: components["schemas"]["UnitCode"];
        };
        StockLevelList: {
            items: components["schemas"]["StockLevel"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        Stop: {
            classified_at?: components["schemas"]["Instant"];
            /** @description The person whose word the reason is, or that there is none; absent while it is the machine's. */
            classified_by?: string;
            comment?: string;
            from: components["schemas"]["Instant"];
            /** Format: uuid */
            id: string;
            machine: components["schemas"]["Slug"];
            reason: components["schemas"]["FreeCode"] | null;
            state: components["schemas"]["MachineState"];
            to: components["schemas"]["Instant"] | null;
        };
        StopList: {
            items: components["schemas"]["Stop"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        StopPatch: {
            /** @description Without control characters; null takes it away. */
            comment?: string | null;
            reason?: components["schemas"]["FreeCode"] | null;
            split_at?: components["schemas"]["InstantInput"] | null;
        };
        /** @description A reason that a line offers. */
        StopReason: {
            code: components["schemas"]["FreeCode"];
            /** @example No material */
            name: string;
        };
        /** @description A stop and the events that it is made of. */
        StopWithEvents: {
            classified_at?: components["schemas"]["Instant"];
            /** @description The person whose word the reason is, or that there is none; absent while it is the machine's. */
            classified_by?: string;
            comment?: string;
            events: components["schemas"]["LineEvent"][];
            from: components["schemas"]["Instant"];
            /** Format: uuid */
            id: string;
            machine: components["schemas"]["Slug"];
            reason: components["schemas"]["FreeCode"] | null;
            state: components["schemas"]["MachineState"];
            to: components["schemas"]["Instant"] | null;
        };
        /** @enum {string} */
        StoreStatus: "up" | "down";
        TileOrder: {
            article: components["schemas"]["ArticleCode"];
            code: components["schemas"]["FreeCode"];
            due?: components["schemas"]["Instant"];
            /** @description At the pace since the start, in whole minutes. */
            expected_end?: components["schemas"]["Instant"];
            good: components["schemas"]["Quantity"];
            progress_ratio?: components["schemas"]["Ratio"];
            quantity: components["schemas"]["Quantity"];
            scrap: components["schemas"]["Quantity"];
        };
        TileShift: {
            good: components["schemas"]["Quantity"];
            name: string;
            oee?: components["schemas"]["Ratio"];
            scrap: components["schemas"]["Quantity"];
            target?: components["schemas"]["Quantity"];
        };
        Timeline: {
            from: components["schemas"]["Instant"];
            /** @description By code. */
            machines: {
                [key: string]: components["schemas"]["MachineTimeline"];
            };
            orders: components["schemas"]["TimelineOrder"][];
            shifts: components["schemas"]["Shift"][];
            to: components["schemas"]["Instant"];
        };
        TimelineOrder: {
            article: components["schemas"]["ArticleCode"];
            code: components["schemas"]["FreeCode"];
            from: components["schemas"]["Instant"] | null;
            to: components["schemas"]["Instant"] | null;
        };
        TimeLoss: {
            /** Format: int64 */
            count: number;
            /** @description With the losses before it. */
            cumulative_ratio: components["schemas"]["Ratio"];
            /** Format: int64 */
            duration_ms: number;
            kind: components["schemas"]["LossKind"];
            /** @description What the line calls the reason. */
            name?: string;
            /** @description Absent of a stop: unclassified. */
            reason?: components["schemas"]["FreeCode"];
            /** @description Of all losses. */
            share_ratio: components["schemas"]["Ratio"];
            /** @description Of a stop. */
            state?: components["schemas"]["MachineState"];
        };
        /**
         * @description An IANA time zone.
         * @example Europe/Vienna
         */
        TimeZone: string;
        /** @description The data of a snapshot. */
        TopicData: components["schemas"]["SiteData"] | components["schemas"]["LineData"] | components["schemas"]["AlertsData"] | components["schemas"]["MessagesData"];
        /**
         * @description The unit of an article.
         * @example pcs
         */
        UnitCode: string;
        User: {
            disabled: boolean;
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            roles: components["schemas"]["RoleName"][];
            /** @description Null: every site. */
            sites: components["schemas"]["Slug"][] | null;
        };
        UserList: {
            items: components["schemas"]["User"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description With `total=true`: of all pages. */
            total?: number;
        };
        /**
         * @description A day of the week.
         * @enum {string}
         */
        Weekday: "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
    };
    responses: {
        /** @description Refused. */
        NotNow: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Refused. */
        Refused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description 1 to 255 characters. The same request with the same key is done once. */
        "Idempotency-Key": string;
        /** @description The ETag that the object had when it was read. */
        "If-Match": string;
        /** @description Another tenant of the user. */
        "X-Tenant-ID": string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_alert_rules: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRuleList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    create_alert_rule: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAlertRule"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    get_alert_rule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                code: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    remove_alert_rule: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                code: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_alerts: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                line?: components["schemas"]["Slug"];
                open?: boolean;
                severity?: components["schemas"]["Severity"];
                site?: components["schemas"]["Slug"];
                state?: components["schemas"]["AlertState"];
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    get_alert: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    acknowledge_alert: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_articles: {
        parameters: {
            query?: {
                category?: string;
                cursor?: string;
                limit?: number;
                search?: string;
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArticleList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    create_article: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewArticle"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    get_article: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                code: components["schemas"]["ArticleCode"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    remove_article: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                code: components["schemas"]["ArticleCode"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    change_article: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                code: components["schemas"]["ArticleCode"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ArticlePatch"];
                "application/merge-patch+json": components["schemas"]["ArticlePatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_audit: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntryList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Grant"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            429: components["responses"]["NotNow"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Renewal"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_dead_letters: {
        parameters: {
            query?: {
                code?: string;
                cursor?: string;
                limit?: number;
                site?: components["schemas"]["Slug"];
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    get_dead_letter: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    remove_dead_letter: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    discard_dead_letter: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    retry_dead_letter: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageResult"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_devices: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    create_device: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDevice"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceWithToken"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    revoke_device: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    rotate_device: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceWithToken"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    ingest: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceMessages"];
                "application/x-ndjson": components["schemas"]["DeviceMessage"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageResults"];
                    "application/x-ndjson": components["schemas"]["MessageResult"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            429: components["responses"]["NotNow"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    kpi_losses: {
        parameters: {
            query: {
                from?: components["schemas"]["InstantInput"];
                line?: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
                to?: components["schemas"]["InstantInput"];
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LossAnalysis"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    kpi_oee: {
        parameters: {
            query: {
                bucket?: components["schemas"]["KpiBucket"];
                from?: components["schemas"]["InstantInput"];
                line?: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
                to?: components["schemas"]["InstantInput"];
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OeeHistory"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Switching Protocols */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            426: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
            505: components["responses"]["Refused"];
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                };
            };
            /** @description Not Modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_orders: {
        parameters: {
            query?: {
                article?: components["schemas"]["ArticleCode"];
                cursor?: string;
                limit?: number;
                line?: components["schemas"]["Slug"];
                site?: components["schemas"]["Slug"];
                state?: components["schemas"]["OrderState"];
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    create_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    get_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                code: components["schemas"]["FreeCode"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    change_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                code: components["schemas"]["FreeCode"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderPatch"];
                "application/merge-patch+json": components["schemas"]["OrderPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    step_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                action: components["schemas"]["OrderAction"];
                code: components["schemas"]["FreeCode"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_quarantine: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantinedLineList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    release_line: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_sites: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    create_site: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSite"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    get_site: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    remove_site: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    change_site: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SitePatch"];
                "application/merge-patch+json": components["schemas"]["SitePatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    get_calendar: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calendar"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    set_calendar: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCalendar"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calendar"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_lines: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    create_line: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLine"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Line"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    get_line: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Line"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    remove_line: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    change_line: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinePatch"];
                "application/merge-patch+json": components["schemas"]["LinePatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Line"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    line_events: {
        parameters: {
            query?: {
                cursor?: string;
                from?: components["schemas"]["InstantInput"];
                kind?: string;
                limit?: number;
                machine?: components["schemas"]["Slug"];
                to?: components["schemas"]["InstantInput"];
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineEventList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_machines: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MachineList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    create_machine: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMachine"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    get_machine: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                machine: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    remove_machine: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                machine: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    change_machine: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that the object had when it was read. */
                "If-Match"?: components["parameters"]["If-Match"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                machine: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MachinePatch"];
                "application/merge-patch+json": components["schemas"]["MachinePatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The version of the object. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Machine"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            412: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    samples: {
        parameters: {
            query: {
                from?: components["schemas"]["InstantInput"];
                machine?: components["schemas"]["Slug"];
                metric: components["schemas"]["MetricName"];
                points?: number;
                to?: components["schemas"]["InstantInput"];
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Samples"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    line_state: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineData"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_stops: {
        parameters: {
            query?: {
                cursor?: string;
                from?: components["schemas"]["InstantInput"];
                limit?: number;
                machine?: components["schemas"]["Slug"];
                reason?: components["schemas"]["FreeCode"];
                to?: components["schemas"]["InstantInput"];
                total?: boolean;
                unclassified?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    stop: {
        parameters: {
            query?: never;
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                id: string;
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopWithEvents"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    change_stop: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                id: string;
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StopPatch"];
                "application/merge-patch+json": components["schemas"]["StopPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedStop"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    timeline: {
        parameters: {
            query?: {
                from?: components["schemas"]["InstantInput"];
                to?: components["schemas"]["InstantInput"];
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                line: components["schemas"]["Slug"];
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_shifts: {
        parameters: {
            query?: {
                from?: components["schemas"]["InstantInput"];
                line?: components["schemas"]["Slug"];
                to?: components["schemas"]["InstantInput"];
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path: {
                site: components["schemas"]["Slug"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShiftList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            404: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    stock_levels: {
        parameters: {
            query?: {
                article?: components["schemas"]["ArticleCode"];
                below_minimum?: boolean;
                cursor?: string;
                limit?: number;
                location?: components["schemas"]["FreeCode"];
                lot?: components["schemas"]["FreeCode"];
                site?: components["schemas"]["Slug"];
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockLevelList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_movements: {
        parameters: {
            query?: {
                article?: components["schemas"]["ArticleCode"];
                cursor?: string;
                kind?: components["schemas"]["MovementKind"];
                limit?: number;
                location?: components["schemas"]["FreeCode"];
                lot?: components["schemas"]["FreeCode"];
                order?: components["schemas"]["FreeCode"];
                site?: components["schemas"]["Slug"];
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    book_movement: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMovement"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Movement"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    book_movements: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMovements"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Movements"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    list_users: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                total?: boolean;
            };
            header?: {
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 characters. The same request with the same key is done once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description Another tenant of the user. */
                "X-Tenant-ID"?: components["parameters"]["X-Tenant-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Refused"];
            401: components["responses"]["Refused"];
            403: components["responses"]["Refused"];
            408: components["responses"]["Refused"];
            409: components["responses"]["Refused"];
            413: components["responses"]["Refused"];
            415: components["responses"]["Refused"];
            422: components["responses"]["Refused"];
            500: components["responses"]["Refused"];
            503: components["responses"]["NotNow"];
        };
    };
    health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
        };
    };
    health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
