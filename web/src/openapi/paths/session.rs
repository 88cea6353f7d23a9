//! Logins, users, credentials of devices, the audit trail.

use crate::authorize::Action;
use crate::openapi::operation::{Operation, delete, get, post};
use crate::openapi::schema::List;
use crate::openapi::schema::directory::{Device, DeviceWithToken, NewDevice};
use crate::openapi::schema::identity::{
    AuditEntry, Grant, Login, Me, NewUser, Refresh, Renewal, Session, User,
};

pub(crate) fn operations() -> Vec<Operation> {
    let mut operations = vec![
        post("/api/v1/auth/login", "login", "Logs in.")
            .about("10 failures of an account or 50 from an address in 15 minutes are answered 429.")
            .open()
            .takes::<Login>()
            .gives::<Grant>(200)
            .refuses(&[401, 429]),
        post("/api/v1/auth/refresh", "refresh", "Trades a refresh token for new tokens.")
            .about("A refresh token works once; a second use ends the login.")
            .open()
            .takes::<Refresh>()
            .gives::<Renewal>(200)
            .refuses(&[401]),
        post("/api/v1/auth/logout", "logout", "Ends the login of this token.")
            .may(Action::SessionEnd)
            .unkeyed()
            .gives_nothing(204),
        get("/api/v1/auth/me", "me", "Who the token speaks for.").gives::<Me>(200),
        get("/api/v1/auth/sessions", "list_sessions", "One's own logins.")
            .paged()
            .gives::<List<Session>>(200),
        delete("/api/v1/auth/sessions/{id}", "end_session", "Ends one of one's own logins.")
            .may(Action::SessionEnd)
            .unkeyed()
            .gives_nothing(204),
    ];
    operations.extend(accounts());
    operations
}

fn accounts() -> Vec<Operation> {
    vec![
        get("/api/v1/users", "list_users", "The users of the tenant.")
            .may(Action::UserManage)
            .paged()
            .gives::<List<User>>(200),
        post("/api/v1/users", "create_user", "Adds a user.")
            .may(Action::UserManage)
            .takes::<NewUser>()
            .creates::<User>(),
        get("/api/v1/audit", "list_audit", "The newest entries of the audit trail; there is no cursor.")
            .may(Action::AuditRead)
            .number("limit", 1, 200, 50)
            .gives::<List<AuditEntry>>(200),
        get("/api/v1/devices", "list_devices", "The credentials of devices.")
            .may(Action::DeviceManage)
            .paged()
            .gives::<List<Device>>(200),
        post("/api/v1/devices", "create_device", "Makes a credential; its token is shown this once.")
            .may(Action::DeviceManage)
            .takes::<NewDevice>()
            .creates::<DeviceWithToken>(),
        post("/api/v1/devices/{username}/rotate", "rotate_device", "Gives a credential a new token.")
            .about("The sessions of the old one end.")
            .may(Action::DeviceManage)
            .gives::<DeviceWithToken>(200),
        delete("/api/v1/devices/{username}", "revoke_device", "Revokes a credential.")
            .may(Action::DeviceManage)
            .gives_nothing(204),
    ]
}
