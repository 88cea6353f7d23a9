//! Properties of a site under any sequence of commands.

mod keys;
mod rules;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::alert::{NewAlert, QUARANTINE};
use crate::decision::Decision;
use crate::ids::{LineCode, OrderCode, Seq};
use crate::message::StockMessage;
use crate::order::{NewOrder, OrderPatch, RunningOrder};
use crate::origin::{Origin, OriginKey};
use crate::receipt::{Envelope, Receipt};
use crate::stock::LevelKey;
use crate::tenant::Article;
use crate::vocabulary::{MovementKind, OrderAction, OrderState, Severity};
use crate::{Code, Quantity, Rejection, Timestamp};

const ORDERS: [&str; 3] = ["A1", "A2", "A3"];
const LINES: [&str; 2] = ["saw", "press"];
const PLACES: [Option<&str>; 3] = [None, Some("yard"), Some("hall")];

fn at(second: usize) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + 1000 * second as i64)
}

fn article(code: &str) -> Arc<Article> {
    Arc::new(Article {
        code: code.parse().unwrap(),
        designation: code.to_owned(),
        unit: "kg".parse().unwrap(),
        category: None,
        price: None,
        minimum: None,
        allow_negative: code == "loose",
        metadata: None,
        version: 1,
    })
}

fn order_code(n: usize) -> OrderCode {
    ORDERS[n % ORDERS.len()].parse().unwrap()
}

fn line_code(n: usize) -> LineCode {
    LINES[n % LINES.len()].parse().unwrap()
}

fn saw_machine() -> Origin {
    Origin::machine("saw".parse().unwrap(), "m1".parse().unwrap())
}

fn planner() -> Origin {
    Origin::User("planner@demo.local".to_owned())
}

fn receipt(id: Option<usize>, second: usize) -> Receipt {
    let id = id.map(|id| format!("id-{id}").parse().unwrap());
    Receipt::new(&Envelope { id, at: None, buffered: false }, at(second)).unwrap()
}

fn create(n: usize) -> SiteCommand {
    SiteCommand::CreateOrder {
        order: NewOrder {
            code: order_code(n),
            article: "strict".parse().unwrap(),
            quantity: Quantity::from_units(100),
            line: line_code(n / 2),
            due: None,
            priority: None,
            customer: None,
        },
        article: Some(article("strict")),
        line_exists: true,
        by: planner(),
        receipt: None,
    }
}

fn transition(n: usize, action: OrderAction) -> SiteCommand {
    SiteCommand::TransitionOrder {
        code: order_code(n),
        action,
        expected_version: None,
        by: planner(),
        receipt: None,
    }
}

fn moved(
    kind: MovementKind,
    strict: bool,
    units: i64,
    from: usize,
    to: usize,
    id: Option<usize>,
) -> StockMove {
    let place = |n: usize| PLACES[n % PLACES.len()].map(|place| place.parse().unwrap());
    let article = article(if strict { "strict" } else { "loose" });
    StockMove {
        id: Uuid::from_u128(1),
        message: StockMessage {
            kind,
            article: article.code.clone(),
            quantity: Quantity::from_units(units),
            unit: None,
            lot: (from > 2).then(|| "heat-7".parse().unwrap()),
            location: place(from),
            to_location: (kind == MovementKind::Transfer).then(|| place(to)).flatten(),
            order: None,
        },
        article: Some(article),
        by: saw_machine(),
        receipt: receipt(id, 0),
    }
}

/// What a line's stream says at a place: the same every time it is asked.
fn fact(place: u64) -> LineFact {
    LineFact::Produced {
        seq: Seq(place),
        order: (!place.is_multiple_of(5)).then(|| order_code((place / 3) as usize)),
        good: Quantity::from_units((place % 4) as i64),
        scrap: Quantity::from_units((place % 2) as i64),
        at: at(place as usize),
    }
}

fn facts(from: u64, to: u64) -> SiteCommand {
    // Every seventh place holds something else, which the line does not tell.
    let facts = (from..=to).filter(|place| place % 7 != 0).map(fact).collect();
    SiteCommand::TakeLineFacts { line: line_code(0), from: Seq(from), to: Seq(to), facts }
}

fn any_move() -> impl Strategy<Value = StockMove> {
    let kind = prop::sample::select(MovementKind::ALL);
    (kind, any::<bool>(), -3i64..30, 0usize..6, 0usize..3, prop::option::of(0usize..12))
        .prop_map(|(kind, strict, units, from, to, id)| moved(kind, strict, units, from, to, id))
}

fn any_patch() -> impl Strategy<Value = SiteCommand> {
    let line = prop::option::of((0usize..2).prop_map(line_code));
    let due = prop::option::of(prop::option::of((0usize..3).prop_map(at)));
    let version = prop::option::of(1u64..4);
    (0usize..3, prop::option::of(-1i64..200), due, line, version).prop_map(
        |(n, units, due, line, version)| {
            let quantity = units.map(Quantity::from_units);
            let patch = OrderPatch { quantity, due, line, ..OrderPatch::default() };
            let (code, expected_version) = (order_code(n), version);
            SiteCommand::PatchOrder {
                code,
                patch,
                line_exists: true,
                expected_version,
                by: planner(),
                receipt: None,
            }
        },
    )
}

fn any_alert_command() -> impl Strategy<Value = SiteCommand> {
    (0u128..3, 0u8..3).prop_map(|(n, what)| {
        let id = Uuid::from_u128(n);
        match what {
            0 => SiteCommand::RaiseAlert(NewAlert {
                id,
                site: "lyon".parse().unwrap(),
                line: Some(line_code(n as usize)),
                machine: None,
                rule: QUARANTINE.to_owned(),
                severity: Severity::Critical,
                text: "restarted too often".to_owned(),
            }),
            1 => SiteCommand::AckAlert { id, by: "supervisor@demo.local".to_owned() },
            _ => SiteCommand::ClearAlert { id },
        }
    })
}

fn any_command() -> impl Strategy<Value = SiteCommand> {
    let action = prop::sample::select(OrderAction::ALL);
    let device = (0usize..3, action.clone(), 0usize..12).prop_map(|(n, action, id)| {
        let receipt = Some(receipt(Some(id), 0));
        let code = order_code(n);
        SiteCommand::TransitionOrder { code, action, expected_version: None, by: saw_machine(), receipt }
    });
    prop_oneof![
        1 => (0usize..3).prop_map(create),
        4 => (0usize..3, action).prop_map(|(n, action)| transition(n, action)),
        2 => device,
        2 => any_patch(),
        6 => any_move().prop_map(SiteCommand::MoveStock),
        2 => any_move().prop_map(|stock_move| SiteCommand::MoveStock(StockMove { by: planner(), ..stock_move })),
        2 => prop::collection::vec(any_move(), 0..4).prop_map(SiteCommand::MoveStockBatch),
        3 => (1u64..40, 0u64..12).prop_map(|(from, n)| facts(from, from + n)),
        1 => any_alert_command(),
    ]
}

/// A site with its log, driven as its actor drives it.
#[derive(Default)]
struct Site {
    state: SiteState,
    log: Vec<SiteEvent>,
    lines: BTreeMap<LineCode, Option<RunningOrder>>,
}

impl Site {
    fn tell(&mut self, command: SiteCommand) -> Result<Decision<SiteEvent>, Rejection> {
        let decision = decide(&self.state, command, at(self.log.len()))?;
        for event in decision.events() {
            apply(&mut self.state, event);
            self.lines.extend(running_order_for(event, &self.state));
            self.log.push(event.clone());
        }
        Ok(decision)
    }

    fn refuse(&mut self, command: SiteCommand) -> Code {
        let before = self.state.clone();
        let refusal = self.tell(command).unwrap_err();
        assert_eq!(self.state, before);
        refusal.code
    }

    fn replay(&self) -> SiteState {
        self.log.iter().fold(SiteState::default(), |mut state, event| {
            apply(&mut state, event);
            state
        })
    }
}

fn check_invariants(site: &Site) -> Result<(), TestCaseError> {
    let mut sums: BTreeMap<LevelKey, Quantity> = BTreeMap::new();
    for event in &site.log {
        if let SiteEvent::StockMoved { movement, .. } = event {
            for (key, change) in movement.changes() {
                let sum = sums.entry(key).or_default();
                *sum = sum.checked_add(change).unwrap();
            }
        }
    }
    for (key, sum) in &sums {
        prop_assert_eq!(site.state.ledger().level(key), *sum);
    }
    for (key, level) in site.state.ledger().levels() {
        prop_assert!(sums.contains_key(key));
        prop_assert!(!level.is_negative() || key.article.as_str() == "loose", "{:?} {}", key, level);
    }
    for line in LINES {
        let line: LineCode = line.parse().unwrap();
        let running: Vec<_> = (site.state.orders())
            .filter(|order| order.line == line && order.state == OrderState::Running)
            .collect();
        prop_assert!(running.len() <= 1);
        prop_assert_eq!(running.first().copied(), site.state.running_on(&line));
        let told = site.lines.get(&line).cloned().flatten();
        prop_assert_eq!(
            told.as_ref().map(|o| (&o.code, o.quantity)),
            running.first().map(|o| (&o.code, o.quantity))
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_history_keeps_the_invariants(commands in prop::collection::vec(any_command(), 1..80)) {
        let mut site = Site::default();
        for command in commands {
            let before = site.state.clone();
            match site.tell(command) {
                Ok(Decision::Duplicate) | Err(_) => prop_assert_eq!(&site.state, &before),
                Ok(Decision::Accepted(_)) => {}
            }
            check_invariants(&site)?;
        }
        prop_assert_eq!(site.replay(), site.state.clone());
        let json = serde_json::to_string(&site.state).unwrap();
        prop_assert_eq!(serde_json::from_str::<SiteState>(&json).unwrap(), site.state.clone());
        for event in &site.log {
            let json = serde_json::to_value(event).unwrap();
            prop_assert_eq!(&json["kind"], event.kind());
            prop_assert_eq!(&serde_json::from_value::<SiteEvent>(json).unwrap(), event);
        }
    }

    #[test]
    fn a_message_heard_twice_has_no_second_effect(
        moves in prop::collection::vec((any_move(), any::<bool>()), 1..20),
    ) {
        let mut site = Site::default();
        for (n, (mut stock_move, by_person)) in moves.into_iter().enumerate() {
            stock_move.receipt = receipt(Some(n), n);
            if by_person {
                stock_move.by = planner();
            }
            let first = site.tell(SiteCommand::MoveStock(stock_move.clone()));
            let state = site.state.clone();
            let second = site.tell(SiteCommand::MoveStock(stock_move.clone()));
            // A refused message may be sent again: its id is not used up.
            prop_assert_eq!(second.as_ref().is_ok_and(Decision::is_duplicate), first.is_ok());
            prop_assert_eq!(&site.state, &state);
        }
    }

    #[test]
    fn a_line_is_taken_once_whatever_is_told_twice(tellings in prop::collection::vec((1u64..60, 0u64..25), 1..40)) {
        let mut site = Site::default();
        for n in 0..3 {
            site.tell(create(n)).unwrap();
        }
        for (from, n) in tellings {
            let next = site.state.cursor(&line_code(0)).plus(1);
            let told = site.tell(facts(from, from + n));
            prop_assert_eq!(told.is_err(), Seq(from) > next);
        }
        let cursor = site.state.cursor(&line_code(0)).0;
        for n in 0..3 {
            let (mut good, mut scrap) = (Quantity::ZERO, Quantity::ZERO);
            for place in (1..=cursor).filter(|place| place % 7 != 0) {
                let LineFact::Produced { order, good: g, scrap: s, .. } = fact(place);
                if order == Some(order_code(n)) {
                    (good, scrap) = (good.saturating_add(g), scrap.saturating_add(s));
                }
            }
            let order = site.state.order(&order_code(n)).unwrap();
            prop_assert_eq!((order.good, order.scrap), (good, scrap));
        }
    }

    #[test]
    fn a_batch_is_what_its_movements_are_one_by_one(moves in prop::collection::vec(any_move(), 1..6)) {
        let mut one_by_one = Site::default();
        let mut refused = false;
        for stock_move in moves.clone() {
            refused |= one_by_one.tell(SiteCommand::MoveStock(stock_move)).is_err();
        }
        let mut batch = Site::default();
        let outcome = batch.tell(SiteCommand::MoveStockBatch(moves));
        prop_assert_eq!(outcome.is_err(), refused);
        if refused {
            prop_assert_eq!(batch.state, SiteState::default());
        } else {
            prop_assert_eq!(batch.state, one_by_one.state);
        }
    }
}
