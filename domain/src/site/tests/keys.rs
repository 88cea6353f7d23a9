//! A person's command with a key has its effect once, also when the answer was lost and the site was loaded again.

use super::*;
use crate::receipt::KEY_LIFE;

fn keyed(mut stock_move: StockMove, key: usize, second: usize) -> StockMove {
    (stock_move.by, stock_move.receipt) = (planner(), receipt(Some(key), second));
    stock_move
}

fn receive(units: i64) -> StockMove {
    moved(MovementKind::Receive, true, units, 0, 0, None)
}

/// The same site as its actor would load it: from a snapshot, or from the whole log.
fn reloaded(site: &Site) -> [Site; 2] {
    let snapshot = serde_json::to_string(&site.state).unwrap();
    [serde_json::from_str(&snapshot).unwrap(), site.replay()].map(|state| Site {
        state,
        log: site.log.clone(),
        lines: site.lines.clone(),
    })
}

/// Tells a site, and what it would be after a restart, a command that it must know.
fn is_known(site: &Site, command: &SiteCommand) {
    for mut site in reloaded(site) {
        let before = site.state.clone();
        assert!(site.tell(command.clone()).unwrap().is_duplicate(), "{command:?}");
        assert_eq!(site.state, before);
    }
}

#[test]
fn a_keyed_movement_is_booked_once() {
    let mut site = Site::default();
    let command = SiteCommand::MoveStock(keyed(receive(5), 1, 10));
    let (by, first) = (planner(), receipt(Some(1), 10));
    assert_eq!(site.state.first_accepted_at(&by, &first), None);
    site.tell(command.clone()).unwrap();
    is_known(&site, &command);
    is_known(&site, &SiteCommand::MoveStock(keyed(receive(5), 1, 500)));
    assert_eq!(site.state.first_accepted_at(&by, &receipt(Some(1), 500)), Some(at(10)));
    // A device's id of the same text is another's, and after its time the key is free again.
    let mut of_a_device = receive(1);
    of_a_device.receipt = receipt(Some(1), 11);
    assert!(!site.tell(SiteCommand::MoveStock(of_a_device)).unwrap().is_duplicate());
    let a_day_later = 10 + (KEY_LIFE.0 / 1000) as usize;
    assert!(!site.tell(SiteCommand::MoveStock(keyed(receive(5), 1, a_day_later))).unwrap().is_duplicate());
    assert_eq!(site.state.ledger().total(&"strict".parse().unwrap()), Quantity::from_units(11));
}

#[test]
fn a_batch_has_one_key() {
    let mut site = Site::default();
    let batch =
        |second| SiteCommand::MoveStockBatch((1..4).map(|units| keyed(receive(units), 7, second)).collect());
    assert_eq!(site.tell(batch(0)).unwrap().events().len(), 3);
    is_known(&site, &batch(0));
    is_known(&site, &batch(60));
    assert_eq!(site.state.ledger().total(&"strict".parse().unwrap()), Quantity::from_units(6));
}

#[test]
fn a_refused_command_does_not_use_its_key_up() {
    let mut site = Site::default();
    let issue = SiteCommand::MoveStock(keyed(moved(MovementKind::Issue, true, 5, 0, 0, None), 1, 0));
    assert_eq!(site.refuse(issue.clone()), Code::InsufficientStock);
    site.tell(SiteCommand::MoveStock(receive(5))).unwrap();
    assert!(!site.tell(issue.clone()).unwrap().is_duplicate());
    is_known(&site, &issue);
}

#[test]
fn keyed_commands_about_orders_have_one_effect() {
    let mut site = Site::default();
    let with_key = |mut command: SiteCommand, key| {
        match &mut command {
            SiteCommand::CreateOrder { receipt: slot, .. }
            | SiteCommand::PatchOrder { receipt: slot, .. }
            | SiteCommand::TransitionOrder { receipt: slot, .. } => *slot = Some(receipt(Some(key), 3)),
            _ => unreachable!("only orders"),
        }
        command
    };
    let mut release = transition(0, OrderAction::Release);
    if let SiteCommand::TransitionOrder { expected_version, .. } = &mut release {
        *expected_version = Some(2);
    }
    let patch = SiteCommand::PatchOrder {
        code: order_code(0),
        patch: OrderPatch { priority: Some(7), ..OrderPatch::default() },
        line_exists: true,
        expected_version: Some(1),
        by: planner(),
        receipt: None,
    };
    let commands = [create(0), patch, release, transition(0, OrderAction::Start)];
    for (key, command) in commands.into_iter().enumerate() {
        let command = with_key(command, key);
        assert_eq!(site.tell(command.clone()).unwrap().events().len(), 1);
        is_known(&site, &command);
        // The same with another key is judged anew; the priority is already so, but the caller's version is not.
        site.refuse(with_key(command, 100 + key));
    }
}

#[test]
fn a_snapshot_from_before_keys_is_read() {
    let mut site = Site::default();
    site.tell(SiteCommand::MoveStock(receive(5))).unwrap();
    let mut stored = serde_json::to_value(&site.state).unwrap();
    assert!(stored.as_object_mut().unwrap().remove("keys").is_some());
    assert_eq!(serde_json::from_value::<SiteState>(stored).unwrap(), site.state);
}
