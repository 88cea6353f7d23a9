//! The main job, once through: a device publishes, the board changes, kill -9 takes nothing, the board resumes.

use serde_json::json;

use crate::support::{Device, Heard, LINE, Plant, Setup, Viewer, count, eventually, topic};

const TOPIC: &str = "line/lyon/line-0";

#[tokio::test(flavor = "multi_thread")]
async fn a_message_reaches_the_board_and_outlives_a_crash() {
    let mut plant = Plant::build(Setup::default().fixed_ports(), 1, 1).await;
    let credential = plant.machine_device(LINE, "m0").await;
    let device = Device::connect(plant.hub.mqtt(), &credential, "m0");
    let mut viewer = Viewer::open(plant.hub.http(), plant.rest.token()).await;
    viewer.watch(TOPIC).await;
    device.publish(&topic(LINE, "m0", "state"), json!({"id": "s", "state": "running"})).await;
    device.publish(&topic(LINE, "m0", "count"), count("c", 5)).await;
    let shows = |viewer: &Viewer, good: &str| viewer.copy(TOPIC).data["machines"]["m0"]["good"] == good;
    viewer.until("the board shows the parts", |viewer| shows(viewer, "5")).await;
    assert_eq!(viewer.copy(TOPIC).data["machines"]["m0"]["state"], "running");

    let epoch = viewer.copy(TOPIC).epoch;
    plant.crash_and_restart().await;
    let mut viewer = viewer.resume(plant.hub.http(), plant.rest.token()).await;
    assert_eq!(viewer.next().await, Heard::Snapshot(TOPIC.to_owned()));
    assert_ne!(viewer.copy(TOPIC).epoch, epoch, "another run has another history");
    assert_eq!(viewer.copy(TOPIC).reset, None, "nobody was slow");
    assert!(shows(&viewer, "5"));
    eventually("the device comes back", async || (device.connections() > 1).then_some(())).await;
    device.publish(&topic(LINE, "m0", "count"), count("c", 5)).await;
    device.publish(&topic(LINE, "m0", "count"), count("d", 2)).await;
    viewer.until("the board goes on", |viewer| shows(viewer, "7")).await;
    assert_eq!(plant.rest.machine_state(LINE, "m0").await["good"], "7");

    let seq = viewer.copy(TOPIC).seq;
    let mut viewer = viewer.resume(plant.hub.http(), plant.rest.token()).await;
    assert_eq!(viewer.next().await, Heard::Resumed(TOPIC.to_owned()));
    assert_eq!(viewer.copy(TOPIC).seq, seq);
    device.publish(&topic(LINE, "m0", "count"), count("e", 1)).await;
    viewer.until("the board goes on", |viewer| shows(viewer, "8")).await;
    plant.hub.verify().await;
}
