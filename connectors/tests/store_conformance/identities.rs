//! Who may do what: uniqueness, sessions that are used once, keys, audit, remembered answers.

use actors::ports::{
    AuditEntry, Membership, NewDevice, NewUser, RefreshOutcome, RefreshRecord, Role, SigningKey, Store,
    StoreError, StoredAnswer, TenantRecord,
};
use domain::DurationMs;
use domain::ids::TenantCode;
use uuid::Uuid;

use crate::fixtures::*;

const DAY: i64 = 86_400_000;

fn membership(tenant: &str, roles: &[Role]) -> Membership {
    Membership { tenant: code(tenant), roles: roles.to_vec(), sites: None }
}

fn user(id: u128, email: &str, memberships: Vec<Membership>) -> NewUser {
    NewUser {
        id: uuid(id),
        email: email.to_owned(),
        name: "Anna".to_owned(),
        password_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA".to_owned(),
        memberships,
        created_at: at(0),
    }
}

fn token(name: &str, family: u128, user: u128, created_ms: i64, expires_ms: i64) -> RefreshRecord {
    RefreshRecord {
        token_sha256: name.to_owned(),
        family: uuid(family),
        user: uuid(user),
        tenant: acme(),
        created_at: at(created_ms),
        expires_at: at(expires_ms),
        user_agent: "browser".to_owned(),
    }
}

fn is_conflict<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Conflict(_))), "{result:?}");
}

pub(crate) async fn tenants_are_unique(store: &dyn Store) {
    let tenant = |text: &str| TenantRecord { code: code(text), name: text.to_uppercase() };
    store.create_tenant(&tenant("beta")).await.unwrap();
    store.create_tenant(&tenant("acme")).await.unwrap();
    is_conflict(store.create_tenant(&tenant("beta")).await);
    assert_eq!(store.tenants().await.unwrap(), [tenant("acme"), tenant("beta")]);
}

pub(crate) async fn users_are_unique_by_email(store: &dyn Store) {
    let anna = user(1, "anna@acme.example", vec![membership("acme", &[Role::Admin])]);
    store.create_user(&anna).await.unwrap();
    is_conflict(store.create_user(&user(2, "anna@acme.example", Vec::new())).await);
    is_conflict(store.create_user(&user(1, "other@acme.example", Vec::new())).await);
    store.create_user(&user(3, "bert@acme.example", Vec::new())).await.unwrap();
    let read = store.user_by_email("anna@acme.example").await.unwrap().unwrap();
    assert_eq!((read.id, read.disabled, &read.password_hash), (uuid(1), false, &anna.password_hash));
    assert_eq!(read.memberships, anna.memberships);
    assert_eq!(store.user(uuid(1)).await.unwrap(), Some(read.clone()));
    assert_eq!(store.user(uuid(2)).await.unwrap(), None);
    assert_eq!(store.user_by_email("' OR ''='").await.unwrap(), None);
    assert!(store.user(uuid(3)).await.unwrap().unwrap().memberships.is_empty());
    assert_eq!(store.users(&acme()).await.unwrap(), [read]);
}

pub(crate) async fn memberships_keep_their_order(store: &dyn Store) {
    let mut limited = membership("acme", &[Role::Operator, Role::Storekeeper]);
    limited.sites = Some(vec![code("linz"), code("graz")]);
    let given = vec![membership("zeta", &[Role::Viewer]), limited.clone()];
    store.create_user(&user(1, "b@x.example", given)).await.unwrap();
    store.create_user(&user(2, "a@x.example", vec![membership("acme", &[Role::Viewer])])).await.unwrap();
    store.put_membership(uuid(1), &membership("beta", &[Role::Planner])).await.unwrap();
    store.put_membership(uuid(1), &membership("zeta", &[Role::Admin])).await.unwrap();
    is_conflict(store.put_membership(uuid(9), &membership("beta", &[])).await);
    let expected = [membership("zeta", &[Role::Admin]), limited, membership("beta", &[Role::Planner])];
    assert_eq!(store.user(uuid(1)).await.unwrap().unwrap().memberships, expected);
    let emails = async |tenant: &str| {
        let users = store.users(&code(tenant)).await.unwrap();
        users.into_iter().map(|user| user.email).collect::<Vec<_>>()
    };
    assert_eq!(emails("acme").await, ["a@x.example", "b@x.example"]);
    assert_eq!(emails("beta").await, ["b@x.example"]);
    assert!(emails("none").await.is_empty());
}

pub(crate) async fn devices_are_rotated_and_revoked_by_their_tenant(store: &dyn Store) {
    let device = |username: &str, scope: &str| NewDevice {
        username: username.to_owned(),
        token_sha256: "one".to_owned(),
        name: "Saw".to_owned(),
        scope: code(scope),
        created_at: at(0),
    };
    let other: TenantCode = code("other");
    store.create_device(&device("saw-1", "acme/linz/saw/s1")).await.unwrap();
    store.create_device(&device("gate-1", "acme")).await.unwrap();
    store.create_device(&device("x-1", "other")).await.unwrap();
    is_conflict(store.create_device(&device("saw-1", "other")).await);
    let names: Vec<_> =
        store.devices(&acme()).await.unwrap().into_iter().map(|device| device.username).collect();
    assert_eq!(names, ["gate-1", "saw-1"]);
    assert!(!store.rotate_device(&other, "saw-1", "two").await.unwrap());
    assert!(!store.revoke_device(&other, "saw-1", at(5)).await.unwrap());
    assert!(!store.rotate_device(&acme(), "none", "two").await.unwrap());
    assert!(store.rotate_device(&acme(), "saw-1", "two").await.unwrap());
    assert!(store.revoke_device(&acme(), "saw-1", at(5)).await.unwrap());
    assert!(!store.revoke_device(&acme(), "saw-1", at(6)).await.unwrap());
    assert!(!store.rotate_device(&acme(), "saw-1", "three").await.unwrap());
    let read = store.device("saw-1").await.unwrap().unwrap();
    assert_eq!((read.token_sha256.as_str(), read.revoked_at), ("two", Some(at(5))));
    assert_eq!(read.scope.to_string(), "acme/linz/saw/s1");
    assert_eq!(store.device("none").await.unwrap(), None);
}

pub(crate) async fn a_refresh_token_is_used_once(store: &dyn Store) {
    store.start_session(&token("t1", 1, 7, 0, DAY)).await.unwrap();
    let outcome = store.rotate_refresh("t1", "t2", at(2 * DAY), at(100)).await.unwrap();
    let mut next = token("t2", 1, 7, 100, 2 * DAY);
    assert_eq!(outcome, RefreshOutcome::Rotated(next.clone()));
    let sessions = store.sessions(uuid(7), at(DAY + 1)).await.unwrap();
    assert_eq!(sessions.len(), 1);
    assert_eq!((sessions[0].created_at, sessions[0].refreshed_at), (at(0), at(100)));
    assert_eq!((sessions[0].id, sessions[0].expires_at), (uuid(1), at(2 * DAY)));
    (next.token_sha256, next.created_at) = ("t3".to_owned(), at(DAY + 2));
    let outcome = store.rotate_refresh("t2", "t3", at(2 * DAY), at(DAY + 2)).await.unwrap();
    assert_eq!(outcome, RefreshOutcome::Rotated(next));
}

pub(crate) async fn a_replayed_refresh_token_ends_its_family(store: &dyn Store) {
    store.start_session(&token("t1", 1, 7, 0, DAY)).await.unwrap();
    store.start_session(&token("u1", 2, 7, 0, DAY)).await.unwrap();
    store.rotate_refresh("t1", "t2", at(DAY), at(1)).await.unwrap();
    let replay = store.rotate_refresh("t1", "t9", at(DAY), at(2)).await.unwrap();
    assert_eq!(replay, RefreshOutcome::Reused { family: uuid(1), user: uuid(7) });
    assert!(!store.session_alive(uuid(1), at(2)).await.unwrap());
    let successor = store.rotate_refresh("t2", "t3", at(DAY), at(3)).await.unwrap();
    assert_eq!(successor, RefreshOutcome::Invalid);
    // The other login goes on.
    assert!(store.session_alive(uuid(2), at(3)).await.unwrap());
    let other = store.rotate_refresh("u1", "u2", at(DAY), at(3)).await.unwrap();
    assert!(matches!(other, RefreshOutcome::Rotated(_)));
}

pub(crate) async fn expired_and_unknown_refresh_tokens_are_invalid(store: &dyn Store) {
    store.start_session(&token("t1", 1, 7, 0, DAY)).await.unwrap();
    for (shown, now) in [("none", 1), ("t1", DAY), ("t1", DAY + 1)] {
        let outcome = store.rotate_refresh(shown, "t2", at(9 * DAY), at(now)).await.unwrap();
        assert_eq!(outcome, RefreshOutcome::Invalid);
    }
    assert!(matches!(
        store.rotate_refresh("t1", "t2", at(DAY), at(DAY - 1)).await.unwrap(),
        RefreshOutcome::Rotated(_)
    ));
}

pub(crate) async fn sessions_end_by_time_and_by_revocation(store: &dyn Store) {
    for (name, family, user) in [("a", 1, 7), ("b", 2, 7), ("c", 3, 8)] {
        store.start_session(&token(name, family, user, family as i64, DAY)).await.unwrap();
    }
    let ids = async |user: u128, now_ms: i64| {
        let sessions = store.sessions(uuid(user), at(now_ms)).await.unwrap();
        sessions.into_iter().map(|session| session.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(ids(7, 10).await, [2, 1]);
    assert!(!store.revoke_session(uuid(7), uuid(3), at(10)).await.unwrap(), "it is another user's");
    assert!(store.revoke_session(uuid(7), uuid(1), at(10)).await.unwrap());
    assert!(!store.revoke_session(uuid(7), uuid(1), at(11)).await.unwrap());
    assert_eq!(ids(7, 11).await, [2]);
    assert_eq!(ids(8, 11).await, [3]);
    assert!(!store.session_alive(uuid(1), at(11)).await.unwrap());
    assert!(store.session_alive(uuid(2), at(DAY - 1)).await.unwrap());
    assert!(!store.session_alive(uuid(2), at(DAY)).await.unwrap());
    assert!(!store.session_alive(Uuid::nil(), at(0)).await.unwrap());
    assert!(!store.revoke_session(uuid(7), uuid(2), at(DAY)).await.unwrap());
    let outcome = store.rotate_refresh("a", "a2", at(DAY), at(12)).await.unwrap();
    assert_eq!(outcome, RefreshOutcome::Invalid);
}

pub(crate) async fn signing_keys_are_listed_newest_first(store: &dyn Store) {
    let key = |kid: &str, created_ms| SigningKey {
        kid: kid.to_owned(),
        secret: vec![0, 1, 255],
        created_at: at(created_ms),
        retired_at: None,
    };
    store.add_signing_key(&key("k1", 1), None).await.unwrap();
    store.add_signing_key(&key("k2", 2), Some(at(50))).await.unwrap();
    store.add_signing_key(&key("k3", 3), Some(at(90))).await.unwrap();
    is_conflict(store.add_signing_key(&key("k3", 4), Some(at(10))).await);
    let keys = store.signing_keys().await.unwrap();
    let read: Vec<_> = keys.iter().map(|key| (key.kid.as_str(), key.retired_at)).collect();
    assert_eq!(read, [("k3", None), ("k2", Some(at(90))), ("k1", Some(at(50)))]);
    assert_eq!(keys[0], key("k3", 3));
}

pub(crate) async fn audit_entries_are_the_newest_of_the_tenant(store: &dyn Store) {
    let entry = |tenant: Option<&str>, object: &str| AuditEntry {
        tenant: tenant.map(code),
        at: at(0),
        actor: "anna@acme.example".to_owned(),
        action: "orders.create".to_owned(),
        object: object.to_owned(),
        outcome: "ok".to_owned(),
        peer: "127.0.0.1".to_owned(),
    };
    for (tenant, object) in [(Some("acme"), "1"), (Some("other"), "2"), (None, "3"), (Some("acme"), "4")] {
        store.audit(&entry(tenant, object)).await.unwrap();
    }
    let entries = store.audit_entries(&acme(), 10).await.unwrap();
    assert_eq!(entries, [entry(Some("acme"), "4"), entry(Some("acme"), "1")]);
    assert_eq!(store.audit_entries(&acme(), 1).await.unwrap(), [entry(Some("acme"), "4")]);
}

pub(crate) async fn the_first_answer_to_a_key_stays(store: &dyn Store) {
    let answer = |body: &str, at_ms| StoredAnswer {
        request_sha256: "hash".to_owned(),
        status: 201,
        location: Some("/api/v1/orders/o-1".to_owned()),
        body: body.to_owned(),
        at: at(at_ms),
    };
    let read = async |tenant: &str, key: &str, now_ms: i64| {
        let not_before = at(now_ms) - DurationMs(DAY);
        store.stored_answer(&code(tenant), key, not_before).await.unwrap().map(|answer| answer.body)
    };
    store.store_answer(&acme(), "k", &answer("one", 0)).await.unwrap();
    store.store_answer(&acme(), "k", &answer("two", 5)).await.unwrap();
    store.store_answer(&code("other"), "k", &answer("theirs", 5)).await.unwrap();
    assert_eq!(read("acme", "k", DAY).await.as_deref(), Some("one"));
    assert_eq!(read("other", "k", DAY).await.as_deref(), Some("theirs"));
    assert_eq!(read("acme", "l", DAY).await, None);
    assert_eq!(read("acme", "k", DAY + 1).await, None);
    // After its time the key may be used again.
    store.store_answer(&acme(), "k", &answer("three", 2 * DAY)).await.unwrap();
    assert_eq!(read("acme", "k", 2 * DAY).await.as_deref(), Some("three"));
    let whole = store.stored_answer(&acme(), "k", at(0)).await.unwrap();
    assert_eq!(whole, Some(answer("three", 2 * DAY)));
}
