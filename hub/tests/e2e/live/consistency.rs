//! Snapshot ⊕ deltas = snapshot at the same place: under load, across lost connections, and across kill -9.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::equals_fresh;
use crate::support::{Device, Heard, Plant, SITE, Setup, Viewer, topic};

const LINES: usize = 3;
const MACHINES: usize = 4;
const MESSAGES: u64 = 60;
const VIEWERS: u64 = 3;

fn topics() -> Vec<String> {
    let lines = (0..LINES).map(|line| format!("line/{SITE}/line-{line}"));
    lines.chain([format!("site/{SITE}"), "alerts".to_owned(), format!("alerts/{SITE}")]).collect()
}

/// Something a machine may say; the parts that it counts are added up.
fn message(random: &mut StdRng, id: u64, parts: &mut u64) -> (&'static str, Value) {
    match random.random_range(0..10) {
        0..3 => {
            let good = random.random_range(0..5);
            *parts += good;
            ("count", json!({"id": format!("c{id}"), "good": good}))
        }
        3..6 => {
            let state = ["running", "idle", "down", "setup"][random.random_range(0..4)];
            ("state", json!({"id": format!("s{id}"), "state": state}))
        }
        6..8 => {
            let name = ["load", "speed", "feed"][random.random_range(0..3)];
            ("measure", json!({"id": format!("m{id}"), "values": {name: random.random_range(0..100)}}))
        }
        _ => {
            let code = ["hot", "stuck"][random.random_range(0..2)];
            let active = random.random_bool(0.5);
            let text = format!("said in message {id}");
            (
                "alarm",
                json!({"id": format!("a{id}"), "code": code, "active": active, "severity": "high", "text": text}),
            )
        }
    }
}

/// A machine at work; how many good parts it made.
async fn work(device: Device, line: String, machine: String, seed: u64) -> u64 {
    let mut random = StdRng::seed_from_u64(seed);
    let mut parts = 0;
    for id in 0..MESSAGES {
        let (channel, payload) = message(&mut random, id, &mut parts);
        device.publish(&topic(&line, &machine, channel), payload).await;
        if random.random_ratio(1, 4) {
            tokio::time::sleep(Duration::from_millis(random.random_range(0..20))).await;
        }
    }
    parts
}

struct Watch {
    plant: (std::net::SocketAddr, String),
    compared: Arc<AtomicU64>,
    resumed: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

/// Somebody who looks, compares and loses the connection at random moments, and comes back.
async fn watch(watch: Watch, seed: u64) -> Viewer {
    let Watch { plant: (address, token), compared, resumed, over } = watch;
    let mut random = StdRng::seed_from_u64(seed);
    let mut viewer = Viewer::open(address, &token).await;
    for topic in topics() {
        viewer.watch(&topic).await;
    }
    while !over.load(Ordering::Relaxed) {
        match viewer.next().await {
            Heard::Resumed(_) => drop(resumed.fetch_add(1, Ordering::Relaxed)),
            Heard::Snapshot(_) | Heard::Delta(_) => {}
            other => panic!("{other:?}"),
        }
        match random.random_range(0..60) {
            0 => viewer = viewer.resume(address, &token).await,
            1..4 => {
                let topics = topics();
                let topic = &topics[random.random_range(0..topics.len())];
                let mut fresh = Viewer::open(address, &token).await;
                let same_place = equals_fresh(&mut viewer, &mut fresh, topic).await;
                compared.fetch_add(same_place.into(), Ordering::Relaxed);
            }
            _ => {}
        }
    }
    viewer
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_equal_snapshots_under_load_after_lost_connections_and_after_a_crash() {
    let seed: u64 = rand::random();
    eprintln!("seed {seed}");
    let mut plant = Plant::build(Setup::default().fixed_ports(), LINES, MACHINES).await;
    let credential = plant.site_device().await;
    let (compared, resumed) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let over = Arc::<AtomicBool>::default();
    let viewers: Vec<_> = (0..VIEWERS)
        .map(|n| {
            let (compared, resumed, over) = (Arc::clone(&compared), Arc::clone(&resumed), Arc::clone(&over));
            let of_plant = (plant.hub.http(), plant.rest.token().to_owned());
            let viewer = watch(Watch { plant: of_plant, compared, resumed, over }, seed.wrapping_add(n));
            tokio::spawn(viewer)
        })
        .collect();
    let mut machines = Vec::new();
    for n in 0..LINES * MACHINES {
        let (line, machine) = (format!("line-{}", n / MACHINES), format!("m{}", n % MACHINES));
        let device = Device::connect(plant.hub.mqtt(), &credential, &format!("device-{n}"));
        let work = work(device, line.clone(), machine.clone(), seed.wrapping_sub(n as u64));
        machines.push((line, machine, tokio::spawn(work)));
    }
    let mut totals = Vec::new();
    for (line, machine, work) in machines {
        totals.push((line, machine, work.await.unwrap().to_string()));
    }
    over.store(true, Ordering::Relaxed);
    // Whoever waits for the next frame gets one more.
    let last = Device::connect(plant.hub.mqtt(), &credential, "last");
    let mut at_rest = Vec::new();
    for viewer in viewers {
        let nudging = async {
            for n in 0.. {
                let payload = json!({"values": {"load": 1000 + n}});
                last.publish(&topic("line-0", "m0", "measure"), payload).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            viewer = viewer => at_rest.push(viewer.unwrap()),
            () = nudging => unreachable!(),
        }
    }
    let compared_under_load = compared.load(Ordering::Relaxed);
    assert!(compared_under_load >= 5, "copies were compared {compared_under_load} times only");
    assert!(resumed.load(Ordering::Relaxed) > 0, "nobody's connection was resumed");
    let mut fresh = Viewer::open(plant.hub.http(), plant.rest.token()).await;
    for viewer in &mut at_rest {
        for topic in topics() {
            assert!(equals_fresh(viewer, &mut fresh, &topic).await, "{topic} at rest");
        }
    }
    check_totals(&at_rest[0], &plant, &totals).await;

    plant.crash_and_restart().await;
    for viewer in at_rest {
        crash(viewer, &plant, &totals).await;
    }
    plant.hub.verify().await;
}

/// The viewer comes back after a crash of the hub: another epoch, a snapshot of every topic, the same totals.
async fn crash(before: Viewer, plant: &Plant, totals: &[(String, String, String)]) {
    let (address, token) = (plant.hub.http(), plant.rest.token());
    let epochs: Vec<_> = topics().iter().map(|topic| before.copy(topic).epoch).collect();
    let mut viewer = before.resume(address, token).await;
    let newer =
        |viewer: &Viewer| topics().iter().zip(&epochs).all(|(topic, old)| viewer.copy(topic).epoch > *old);
    viewer.until("every topic starts afresh, in a later epoch", newer).await;
    let mut fresh = Viewer::open(address, token).await;
    for topic in topics() {
        assert!(equals_fresh(&mut viewer, &mut fresh, &topic).await, "{topic} after the crash");
    }
    check_totals(&viewer, plant, totals).await;
}

async fn check_totals(viewer: &Viewer, plant: &Plant, totals: &[(String, String, String)]) {
    for (line, machine, good) in totals {
        let shown = &viewer.copy(&format!("line/{SITE}/{line}")).data["machines"][machine]["good"];
        assert_eq!(shown, good, "{line}/{machine} as the viewer has it");
        assert_eq!(&plant.rest.machine_state(line, machine).await["good"], good, "{line}/{machine} by REST");
    }
}
