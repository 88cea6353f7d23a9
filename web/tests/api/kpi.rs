//! Indicators over time, against tables that were worked out by hand.

use actors::ports::{Append, Batch, EventLog, HourQuery, Queries, Role, Row};
use domain::history::{HourDelta, StateChange};
use domain::ids::{LineAddress, Seq};
use domain::vocabulary::MachineState;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::TestHub;
use crate::press::{a_day, build_press, count, late_facts, oee, send, state};

const MINUTE: i64 = 60_000;

/// Minutes planned, in planned stops, running, idle, in setup, down, unknown, running beside, that the items should
/// have taken; good and scrap.
fn row(item: &Value) -> ([f64; 9], [String; 2]) {
    let inputs = &item["inputs"];
    let minutes = [
        "planned_ms",
        "planned_stop_ms",
        "running_ms",
        "idle_ms",
        "setup_ms",
        "down_ms",
        "unknown_ms",
        "overtime_ms",
        "planned_run_ms",
    ];
    let minutes = minutes.map(|name| inputs[name].as_i64().unwrap() as f64 / MINUTE as f64);
    (minutes, ["good", "scrap"].map(|name| inputs[name].as_str().unwrap().to_owned()))
}

#[track_caller]
fn check(item: &Value, minutes: [f64; 9], parts: [i64; 2]) {
    assert_eq!(row(item), (minutes, parts.map(|count| count.to_string())), "{item}");
}

#[track_caller]
fn check_ratios(item: &Value, expected: [f64; 4]) {
    let found = ["availability", "effectiveness", "quality", "oee"].map(|name| item[name].as_f64());
    assert_eq!(found, expected.map(Some), "{item}");
}

#[actix_web::test]
async fn a_day_is_what_the_table_says_and_a_late_message_corrects_its_hour() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    a_day(&admin).await;
    let shift = ("2026-11-16T05:00:00Z", "2026-11-16T14:00:00Z");
    let hours = oee(&admin, "hour", shift.0, shift.1).await;
    assert_eq!(hours.len(), 9);
    // hour | planned stop | running idle setup down | unknown | beside | items take | good scrap
    check(&hours[0], [60.0, 0.0, 60.0, 0.0, 0.0, 0.0, 0.0, 0.0, 50.0], [100, 0]); // 06
    check(&hours[1], [60.0, 0.0, 30.0, 0.0, 0.0, 30.0, 0.0, 0.0, 27.5], [50, 5]); // 07
    check(&hours[2], [60.0, 0.0, 50.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0, 0]); // 08
    check(&hours[3], [40.0, 20.0, 30.0, 10.0, 0.0, 0.0, 0.0, 0.0, 20.0], [40, 0]); // 09, the pause is no idle time
    check(&hours[4], [60.0, 0.0, 60.0, 0.0, 0.0, 0.0, 0.0, 0.0, 56.0], [110, 2]); // 10
    check(&hours[5], [60.0, 0.0, 60.0, 0.0, 0.0, 0.0, 0.0, 0.0, 50.0], [100, 0]); // 11
    check(&hours[6], [60.0, 0.0, 15.0, 0.0, 45.0, 0.0, 0.0, 0.0, 5.0], [10, 0]); // 12
    check(&hours[7], [60.0, 0.0, 30.0, 0.0, 0.0, 0.0, 30.0, 0.0, 16.5], [30, 3]); // 13, nobody knows from 13:30 on
    check(&hours[8], [50.0, 10.0, 60.0, 0.0, 0.0, 0.0, 0.0, 10.0, 30.0], [60, 0]); // 14, it ran through the pause
    // 30 of 60 minutes; 55 items of 30 s in 30 minutes; 50 of 55.
    check_ratios(&hours[1], [0.5, 0.9167, 0.9091, 0.4167]);
    assert_eq!(
        (&hours[1]["shift"], &hours[1]["site"], &hours[1]["line"]),
        (&json!("matin"), &json!("lyon"), &json!("press"))
    );
    assert_eq!(
        (&hours[0]["from"], &hours[0]["to"]),
        (&json!("2026-11-16T05:00:00.000Z"), &json!("2026-11-16T06:00:00.000Z"))
    );
    assert_eq!(hours[2].get("oee"), None, "no items, no quality: {}", hours[2]);

    late_facts(&admin).await;
    let corrected = oee(&admin, "hour", shift.0, shift.1).await;
    check(&corrected[4], [60.0, 0.0, 35.0, 0.0, 0.0, 25.0, 0.0, 0.0, 59.0], [116, 2]); // 10
    for index in [0, 1, 2, 3, 5, 6, 7, 8] {
        assert_eq!(corrected[index], hours[index], "only its hour changes");
    }

    // The early shift: 480 minutes less the pause; 310 + 20 + 45 + 55 known, 30 unknown.
    let shifts = oee(&admin, "shift", shift.0, shift.1).await;
    assert_eq!(shifts.iter().map(|item| &item["shift"]).collect::<Vec<_>>(), ["matin", "soir"]);
    check(&shifts[0], [460.0, 20.0, 310.0, 20.0, 45.0, 55.0, 30.0, 0.0, 228.0], [446, 10]);
    check(&shifts[1], [470.0, 10.0, 60.0, 0.0, 0.0, 0.0, 420.0, 10.0, 30.0], [60, 0]);
    // 310/430, 228/310, 446/456; 430 minutes are time for 860 items of half a minute.
    check_ratios(&shifts[0], [0.7209, 0.7355, 0.9781, 0.5186]);
    let inputs = &shifts[0]["inputs"];
    assert_eq!((&inputs["planned_busy_ms"], &inputs["target"]), (&json!(430 * MINUTE), &json!("860")));
    assert_eq!((&inputs["produced"], &inputs["maintenance_ms"]), (&json!("456"), &json!(0)));

    // The day: 24 hours less 30 minutes of pauses; of the rest 310 + 60 ran, 10 of them beside.
    let days = oee(&admin, "day", shift.0, shift.1).await;
    assert_eq!((days.len(), &days[0]["from"]), (1, &json!("2026-11-15T23:00:00.000Z")));
    check(&days[0], [1410.0, 30.0, 370.0, 20.0, 45.0, 55.0, 930.0, 10.0, 258.0], [506, 10]);
    check_ratios(&days[0], [0.7551, 0.6973, 0.9806, 0.5163]);
    hub.stop().await;
}

#[actix_web::test]
async fn the_history_is_verified_and_rebuilt_from_the_log() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    a_day(&admin).await;
    late_facts(&admin).await;
    let findings = async || actors::verify::run(&*hub.store).await.unwrap().findings;
    let day = async || {
        let told = oee(&admin, "hour", "2026-11-16T05:00:00Z", "2026-11-16T14:00:00Z").await;
        let line = "/sites/lyon/lines/press/timeline?from=2026-11-16T05:00:00Z&to=2026-11-16T14:00:00Z";
        (told, admin.get(line).await.expect(200))
    };
    assert_eq!(findings().await, []);
    let before = day().await;
    // Somebody meddles with both tables: an hour too many, a state that nobody reported.
    let line: LineAddress =
        serde_json::from_value(json!({"tenant": "acme", "site": "lyon", "line": "press"})).unwrap();
    let query = HourQuery {
        site: line.site_address(),
        line: None,
        from: "2026-11-16T05:00:00Z".parse().unwrap(),
        to: "2026-11-16T05:01:00Z".parse().unwrap(),
    };
    let hour = hub.store.kpi_hours(&query).await.unwrap().remove(0);
    let change = StateChange {
        machine: "p1".parse().unwrap(),
        from: query.to,
        state: MachineState::Maintenance,
        reason: None,
        seq: Seq(1),
    };
    let rows = vec![
        Row::KpiHour(
            line.clone(),
            Box::new(HourDelta { machine: hour.machine, slice: hour.slice, figures: hour.figures }),
        ),
        Row::MachineState(line, Box::new(change)),
    ];
    let append = Append { stream: None, events: Vec::new(), rows };
    hub.store.commit(&Batch { commit_id: Uuid::now_v7(), appends: vec![append] }).await.unwrap();
    assert_ne!(day().await, before);
    let places: Vec<_> = findings().await.into_iter().map(|finding| finding.place).collect();
    assert_eq!(places, ["changes of state of acme/lyon/press", "figures of hours of acme/lyon/press"]);
    assert_eq!(actors::verify::rebuild(&*hub.store).await.unwrap().findings, []);
    assert_eq!(findings().await, []);
    assert_eq!(day().await, before);
    hub.stop().await;
}

#[actix_web::test]
async fn a_night_belongs_to_two_days_and_one_shift() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    let p1 = |time: &str, to: &str| state("p1", &format!("2026-11-{time}:00+01:00"), to, None);
    let night = vec![
        p1("16T22:30", "running"),
        count("p1", "2026-11-16T23:00:00+01:00", 80, 0),
        p1("16T23:30", "down"),
        p1("17T00:15", "running"),
        count("p1", "2026-11-17T01:00:00+01:00", 200, 10),
        // What is thrown away elsewhere on the line counts, what is good there does not.
        count("p2", "2026-11-17T01:30:00+01:00", 7, 2),
        p1("17T05:30", "idle"),
        p1("17T06:00", "offline"),
    ];
    send(&admin, night).await;
    // The night: unknown 22:00–22:30, ran 60 + 315, down 45, idle 30; 292 items take half a minute each.
    let shifts = oee(&admin, "shift", "2026-11-16T23:00:00Z", "2026-11-17T00:00:00Z").await;
    assert_eq!(shifts.len(), 1);
    assert_eq!(
        (&shifts[0]["shift"], &shifts[0]["from"], &shifts[0]["to"]),
        (&json!("nuit"), &json!("2026-11-16T21:00:00.000Z"), &json!("2026-11-17T05:00:00.000Z"))
    );
    check(&shifts[0], [480.0, 0.0, 375.0, 30.0, 0.0, 45.0, 30.0, 0.0, 146.0], [280, 12]);
    // Two hours of it belong to Monday, six to Tuesday.
    let days = oee(&admin, "day", "2026-11-16T12:00:00Z", "2026-11-17T12:00:00Z").await;
    assert_eq!(days.len(), 2);
    check(&days[0], [1410.0, 30.0, 60.0, 0.0, 0.0, 30.0, 1320.0, 0.0, 40.0], [80, 0]);
    check(&days[1], [1410.0, 30.0, 315.0, 30.0, 0.0, 15.0, 1050.0, 0.0, 106.0], [200, 12]);
    hub.stop().await;
}

#[actix_web::test]
async fn days_on_which_the_clock_changes_have_23_and_25_hours() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    let night = |from: &str, noon: &str, to: &str| {
        vec![state("p1", from, "running", None), count("p1", noon, 90, 0), state("p1", to, "offline", None)]
    };
    // On 29 March the clock goes from 02:00 to 03:00: the night lasts 7 hours, 5 of them on that day.
    send(&admin, night("2026-03-28T21:00:00Z", "2026-03-29T01:30:00Z", "2026-03-29T04:00:00Z")).await;
    // On 25 October it goes from 03:00 back to 02:00: the night lasts 9 hours, 7 of them on that day.
    send(&admin, night("2026-10-24T20:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T05:00:00Z")).await;
    let spring = oee(&admin, "shift", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z").await;
    check(&spring[0], [420.0, 0.0, 420.0, 0.0, 0.0, 0.0, 0.0, 0.0, 45.0], [90, 0]);
    let autumn = oee(&admin, "shift", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z").await;
    check(&autumn[0], [540.0, 0.0, 540.0, 0.0, 0.0, 0.0, 0.0, 0.0, 45.0], [90, 0]);
    let spring = oee(&admin, "day", "2026-03-29T12:00:00Z", "2026-03-29T12:01:00Z").await;
    // 23 hours less 30 minutes of pauses; 300 minutes ran.
    check(&spring[0], [1350.0, 30.0, 300.0, 0.0, 0.0, 0.0, 1050.0, 0.0, 45.0], [90, 0]);
    assert_eq!(
        (&spring[0]["from"], &spring[0]["to"]),
        (&json!("2026-03-28T23:00:00.000Z"), &json!("2026-03-29T22:00:00.000Z"))
    );
    let autumn = oee(&admin, "day", "2026-10-25T12:00:00Z", "2026-10-25T12:01:00Z").await;
    // 25 hours less 30 minutes of pauses; 420 minutes ran.
    check(&autumn[0], [1470.0, 30.0, 420.0, 0.0, 0.0, 0.0, 1050.0, 0.0, 45.0], [90, 0]);
    // 02:00 comes twice, and each time it is an hour of its own.
    let hours = oee(&admin, "hour", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z").await;
    assert_eq!(
        hours.iter().map(|hour| &hour["from"]).collect::<Vec<_>>(),
        ["2026-10-25T00:00:00.000Z", "2026-10-25T01:00:00.000Z"]
    );
    check(&hours[0], [60.0, 0.0, 60.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0, 0]);
    check(&hours[1], [60.0, 0.0, 60.0, 0.0, 0.0, 0.0, 0.0, 0.0, 45.0], [90, 0]);
    hub.stop().await;
}

#[actix_web::test]
async fn the_state_that_lasts_counts_up_to_now() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    send(&admin, vec![state("p1", "2026-11-18T10:40:00Z", "running", None)]).await;
    let hours = async || oee(&admin, "hour", "2026-11-18T10:00:00Z", "2026-11-19T11:00:00Z").await;
    // It is 11:06:40: the hour that has begun is the last one that is told, as far as it has come.
    let told = hours().await;
    assert_eq!((told.len(), &told[1]["to"]), (2, &json!("2026-11-18T12:00:00.000Z")));
    assert_eq!(
        (&told[0]["inputs"]["running_ms"], &told[0]["inputs"]["unknown_ms"]),
        (&json!(20 * MINUTE), &json!(40 * MINUTE))
    );
    assert_eq!(
        (&told[1]["inputs"]["planned_ms"], &told[1]["inputs"]["running_ms"]),
        (&json!(400_000), &json!(400_000))
    );
    hub.later(200);
    let told = hours().await;
    assert_eq!(
        (&told[1]["inputs"]["planned_ms"], &told[1]["inputs"]["running_ms"]),
        (&json!(600_000), &json!(600_000))
    );
    // The shift so far is what the line itself says of it.
    send(&admin, vec![count("p1", "2026-11-18T11:08:00Z", 27, 3)]).await;
    let shift = oee(&admin, "shift", "2026-11-18T11:00:00Z", "2026-11-18T11:01:00Z").await.remove(0);
    let live = admin.get("/sites/lyon/lines/press/state").await.expect(200)["shift"].clone();
    assert_eq!((&live["name"], &live["availability"]), (&json!("matin"), &json!(1.0)));
    for ratio in ["oee", "availability", "effectiveness", "quality"] {
        assert_eq!(live[ratio], shift[ratio], "{ratio}: {live} {shift}");
    }
    for input in ["good", "scrap", "target"] {
        assert_eq!(live[input], shift["inputs"][input], "{input}: {live} {shift}");
    }
    // Every line of the site has its items, in order.
    admin.post("/sites/lyon/lines", json!({"code": "mill", "name": "Laminoir"})).await.expect(201);
    let all =
        admin.get("/kpi/oee?site=lyon&from=2026-11-18T11:00:00Z&to=2026-11-18T11:01:00Z").await.expect(200);
    let lines: Vec<_> = all["items"].as_array().unwrap().iter().map(|item| &item["line"]).collect();
    assert_eq!(
        (lines, &all["bucket"], &all["next_cursor"]),
        (vec![&json!("mill"), &json!("press")], &json!("hour"), &Value::Null)
    );
    hub.stop().await;
}

#[actix_web::test]
async fn losses_add_up_to_what_is_missing() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    a_day(&admin).await;
    late_facts(&admin).await;
    let path = "/kpi/losses?site=lyon&line=press&from=2026-11-16T05:00:00Z&to=2026-11-16T13:00:00Z";
    let losses = admin.get(path).await.expect(200);
    // Of 430 planned busy minutes 223 made good items: 82 ran too slowly, 82 + 45 + 30 + 25 + 20 + 5 = 207 lost.
    assert_eq!(
        (&losses["planned_busy_ms"], &losses["loss_ms"]),
        (&json!(430 * MINUTE), &json!(207 * MINUTE))
    );
    let shown: Vec<_> = losses["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|loss| {
            let text = |name: &str| loss[name].as_str().unwrap_or("-").to_owned();
            let ms = loss["duration_ms"].as_i64().unwrap();
            format!(
                "{} {} {} {} {}×{}",
                text("kind"),
                text("state"),
                text("reason"),
                text("name"),
                loss["count"],
                ms / MINUTE
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "speed - - - 0×82",
            "stop setup - - 1×45",
            "stop down jam Bourrage 1×30",
            "stop down blade Lame 1×25",
            "stop idle - - 1×20", // 40 minutes, of which the pause is none
            "scrap - - - 0×5",
        ]
    );
    assert_eq!(
        (&losses["items"][0]["share_ratio"], &losses["items"][1]["cumulative_ratio"]),
        (&json!(0.3961), &json!(0.6135))
    );
    assert_eq!(losses["items"][5]["cumulative_ratio"], 1.0);
    hub.stop().await;
}

#[actix_web::test]
async fn what_cannot_be_asked_is_refused() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    let refused = async |query: &str| {
        let (status, code, field) = admin.get(&format!("/kpi/{query}")).await.problem();
        format!("{status} {code} {field}")
    };
    assert_eq!(refused("oee").await, "422 invalid_field site");
    assert_eq!(refused("losses?line=press").await, "422 invalid_field site");
    assert_eq!(refused("oee?site=lyon&bucket=week").await, "422 invalid_field bucket");
    assert_eq!(refused("oee?site=lyon&machine=p1").await, "422 unknown_field machine");
    let day = "from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z";
    assert_eq!(refused(&format!("oee?site=lyon&{day}")).await, "422 invalid_field from");
    let month = "from=2026-09-01T00:00:00Z&to=2026-10-03T00:00:00Z";
    assert_eq!(refused(&format!("oee?site=lyon&{month}")).await, "422 invalid_field from");
    admin.get(&format!("/kpi/oee?site=lyon&bucket=day&{month}")).await.expect(200);
    let long = "from=2025-09-01T00:00:00Z&to=2026-11-03T00:00:00Z";
    assert_eq!(refused(&format!("oee?site=lyon&bucket=day&{long}")).await, "422 invalid_field from");
    assert_eq!(refused(&format!("losses?site=lyon&{long}")).await, "422 invalid_field from");
    for code in ["mill", "saw"] {
        admin.post("/sites/lyon/lines", json!({"code": code, "name": code})).await.expect(201);
    }
    // 300 days of three shifts on three lines are more than 2,000 items, on one line they are not.
    let year = "from=2026-01-01T00:00:00Z&to=2026-10-28T00:00:00Z";
    assert_eq!(refused(&format!("oee?site=lyon&bucket=shift&{year}")).await, "422 invalid_field from");
    let one = admin.get(&format!("/kpi/oee?site=lyon&line=press&bucket=shift&{year}")).await.expect(200);
    assert_eq!(one["items"].as_array().unwrap().len(), 901);
    assert_eq!(refused("oee?site=nice").await, "404 unknown_site ");
    assert_eq!(refused("losses?site=lyon&line=nix").await, "404 unknown_line ");
    hub.stop().await;
}

#[actix_web::test]
async fn a_user_limited_to_sites_sees_only_these() {
    let hub = TestHub::start().await;
    let admin = hub.admin().await;
    build_press(&hub, &admin).await;
    let (inside, outside) = (
        hub.user_of("acme", Role::Viewer, Some("lyon")).await,
        hub.user_of("acme", Role::Viewer, Some("nice")).await,
    );
    for path in ["/kpi/oee?site=lyon", "/kpi/losses?site=lyon", "/sites/lyon/lines/press/timeline"] {
        inside.get(path).await.expect(200);
        assert_eq!(outside.get(path).await.problem().0, 404, "{path}");
        assert_eq!(hub.user_of("other", Role::Admin, None).await.get(path).await.problem().0, 404, "{path}");
        assert_eq!(hub.anybody().get(path).await.problem().0, 401, "{path}");
    }
    hub.stop().await;
}
