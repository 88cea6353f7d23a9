//! Rules of a site that random sequences rarely reach, one by one.

use super::*;

#[test]
fn a_line_runs_one_order_and_hears_of_it() {
    let mut site = Site::default();
    let saw = line_code(0);
    for n in 0..2 {
        site.tell(create(n)).unwrap();
        assert_eq!(site.refuse(transition(n, OrderAction::Start)), Code::IllegalTransition);
        site.tell(transition(n, OrderAction::Release)).unwrap();
    }
    site.tell(transition(0, OrderAction::Start)).unwrap();
    assert_eq!(site.refuse(transition(1, OrderAction::Start)), Code::LineBusy);
    assert_eq!(site.lines[&saw].as_ref().unwrap().code, order_code(0));
    site.tell(transition(0, OrderAction::Pause)).unwrap();
    assert_eq!(site.lines[&saw], None);
    site.tell(transition(1, OrderAction::Start)).unwrap();
    assert_eq!(site.refuse(transition(0, OrderAction::Resume)), Code::LineBusy);
    // The order that does not run leaves the line as it is.
    site.tell(transition(0, OrderAction::Complete)).unwrap();
    assert_eq!(site.lines[&saw].as_ref().unwrap().code, order_code(1));
    // Progress of a completed order is a fact all the same.
    site.tell(facts(1, 2)).unwrap();
    assert_eq!(site.state.order(&order_code(0)).unwrap().good, Quantity::from_units(3));
}

#[test]
fn devices_move_only_orders_of_their_line() {
    let mut site = Site::default();
    for n in [0, 2] {
        site.tell(create(n)).unwrap();
        site.tell(transition(n, OrderAction::Release)).unwrap();
    }
    let from_saw = |n, action| SiteCommand::TransitionOrder {
        code: order_code(n),
        action,
        expected_version: None,
        by: saw_machine(),
        receipt: Some(receipt(Some(1), 5)),
    };
    assert_eq!(site.refuse(from_saw(2, OrderAction::Start)), Code::UnknownOrder);
    assert_eq!(site.refuse(from_saw(0, OrderAction::Cancel)), Code::InvalidField);
    site.tell(from_saw(0, OrderAction::Start)).unwrap();
    assert!(site.tell(from_saw(0, OrderAction::Start)).unwrap().is_duplicate());
    assert_eq!(site.state.order(&order_code(0)).unwrap().started_at, Some(at(5)));
}

#[test]
fn plans_change_only_while_they_may() {
    let mut site = Site::default();
    site.tell(create(0)).unwrap();
    let patch = |patch: OrderPatch, expected_version| SiteCommand::PatchOrder {
        code: order_code(0),
        patch,
        line_exists: true,
        expected_version,
        by: planner(),
        receipt: None,
    };
    let quantity =
        |units| OrderPatch { quantity: Some(Quantity::from_units(units)), ..OrderPatch::default() };
    let priority = OrderPatch { priority: Some(1000), ..OrderPatch::default() };
    assert_eq!(site.refuse(patch(priority, None)), Code::InvalidField);
    assert_eq!(site.refuse(patch(quantity(0), None)), Code::InvalidField);
    assert_eq!(site.refuse(patch(quantity(7), Some(2))), Code::PreconditionFailed);
    site.tell(patch(quantity(7), Some(1))).unwrap();
    assert!(site.tell(patch(quantity(7), Some(2))).unwrap().events().is_empty());
    site.tell(facts(1, 2)).unwrap();
    assert_eq!(site.refuse(patch(quantity(2), None)), Code::InvalidField);
    site.tell(transition(0, OrderAction::Release)).unwrap();
    site.tell(transition(0, OrderAction::Start)).unwrap();
    let elsewhere = OrderPatch { line: Some(line_code(1)), ..OrderPatch::default() };
    assert_eq!(site.refuse(patch(elsewhere, None)), Code::IllegalTransition);
    site.tell(patch(quantity(9), None)).unwrap();
    assert_eq!(site.lines[&line_code(0)].as_ref().unwrap().quantity, Quantity::from_units(9));
    site.tell(transition(0, OrderAction::Cancel)).unwrap();
    assert_eq!(site.refuse(patch(quantity(10), None)), Code::IllegalTransition);
    assert_eq!(site.refuse(create(0)), Code::AlreadyExists);
}

#[test]
fn each_kind_of_movement_has_its_rule() {
    use MovementKind as K;
    let mut site = Site::default();
    let level = |site: &Site, place: Option<&str>| {
        let location = place.map(|place| place.parse().unwrap());
        site.state
            .ledger()
            .level(&LevelKey { article: "strict".parse().unwrap(), location, lot: None })
            .to_string()
    };
    let book = |kind, units, to| SiteCommand::MoveStock(moved(kind, true, units, 0, to, None));
    for kind in K::ALL {
        for units in [-1, 0] {
            let allowed = matches!((kind, units), (K::Adjust, -1) | (K::Stocktake, 0));
            if !allowed {
                assert_eq!(site.refuse(book(*kind, units, 1)), Code::InvalidField, "{kind} {units}");
            }
        }
    }
    for (kind, units, here) in [
        (K::Receive, 100, "100"),
        (K::Issue, 10, "90"),
        (K::Produce, 5, "95"),
        (K::Consume, 15, "80"),
        (K::Scrap, 1, "79"),
        (K::Adjust, -9, "70"),
        (K::Stocktake, 72, "72"),
        (K::Transfer, 2, "70"),
    ] {
        site.tell(book(kind, units, 1)).unwrap();
        assert_eq!(level(&site, None), here, "{kind}");
    }
    assert_eq!(level(&site, Some("yard")), "2");
    assert_eq!(site.state.ledger().total(&"strict".parse().unwrap()), Quantity::from_units(72));
    for kind in [K::Issue, K::Consume, K::Scrap, K::Transfer] {
        assert_eq!(site.refuse(book(kind, 71, 1)), Code::InsufficientStock);
    }
    assert_eq!(site.refuse(book(K::Adjust, -71, 1)), Code::InsufficientStock);
    assert_eq!(site.refuse(book(K::Transfer, 1, 0)), Code::InvalidField);
    assert_eq!(site.refuse(book(K::Receive, 1_000_000_000_000, 1)), Code::OutOfRange);
    site.tell(book(K::Stocktake, 0, 1)).unwrap();
    assert_eq!(level(&site, None), "0");
}

#[test]
fn a_movement_names_only_what_is_known() {
    let mut site = Site::default();
    let with = |change: fn(&mut StockMove)| {
        let mut stock_move = moved(MovementKind::Receive, true, 5, 0, 0, Some(1));
        change(&mut stock_move);
        SiteCommand::MoveStock(stock_move)
    };
    assert_eq!(site.refuse(with(|m| m.article = None)), Code::UnknownArticle);
    assert_eq!(site.refuse(with(|m| m.message.order = Some(order_code(0)))), Code::UnknownOrder);
    assert_eq!(site.refuse(with(|m| m.message.unit = Some("pcs".parse().unwrap()))), Code::UnitMismatch);
    assert_eq!(
        site.refuse(with(|m| m.message.to_location = Some("yard".parse().unwrap()))),
        Code::InvalidField
    );
    site.tell(with(|m| m.message.unit = Some("kg".parse().unwrap()))).unwrap();
    assert!(site.tell(with(|_| {})).unwrap().is_duplicate());
    // The same id from the site's own topic is another message, and so is that of a person.
    site.tell(with(|m| m.by = Origin::Device(OriginKey::Site))).unwrap();
    site.tell(with(|m| m.by = planner())).unwrap();
    site.tell(with(|m| (m.by, m.receipt) = (planner(), receipt(None, 0)))).unwrap();
    assert_eq!(site.state.ledger().total(&"strict".parse().unwrap()), Quantity::from_units(20));
}

#[test]
fn a_refused_batch_names_its_movement() {
    let mut site = Site::default();
    let moves = vec![
        moved(MovementKind::Receive, true, 5, 0, 0, None),
        moved(MovementKind::Issue, true, 4, 0, 0, None),
        moved(MovementKind::Issue, true, 2, 0, 0, None),
    ];
    let refusal = site.tell(SiteCommand::MoveStockBatch(moves)).unwrap_err();
    assert_eq!(refusal.code, Code::InsufficientStock);
    assert_eq!(refusal.field.as_deref(), Some("movements[2].quantity"));
    assert_eq!(site.state, SiteState::default());
}

#[test]
fn an_alert_lives_until_it_is_cleared_and_acknowledged() {
    let id = Uuid::from_u128(7);
    let raise = |id| {
        SiteCommand::RaiseAlert(NewAlert {
            id,
            site: "lyon".parse().unwrap(),
            line: Some(line_code(0)),
            machine: None,
            rule: QUARANTINE.to_owned(),
            severity: Severity::Critical,
            text: "restarted too often".to_owned(),
        })
    };
    let ack = || SiteCommand::AckAlert { id, by: "supervisor@demo.local".to_owned() };
    for clear_first in [true, false] {
        let mut site = Site::default();
        assert_eq!(site.refuse(ack()), Code::UnknownAlert);
        site.tell(raise(id)).unwrap();
        assert!(site.tell(raise(Uuid::from_u128(8))).unwrap().events().is_empty());
        let steps = if clear_first {
            [SiteCommand::ClearAlert { id }, ack()]
        } else {
            [ack(), SiteCommand::ClearAlert { id }]
        };
        for step in steps {
            let before = site.state.clone();
            let decision = site.tell(step.clone()).unwrap();
            let after = alert_after(&decision.events()[0], &before).unwrap();
            assert_eq!(site.state.alert(&id), (!after.is_closed()).then_some(&after));
            if !after.is_closed() {
                assert!(site.tell(step).unwrap().events().is_empty());
            }
        }
        assert_eq!(site.state.alerts().count(), 0);
        assert_eq!(site.replay(), site.state);
    }
}
