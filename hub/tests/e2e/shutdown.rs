//! SIGTERM under load: the hub takes leave of everybody, and loses nothing that it acknowledged.

use std::time::Duration;

use crate::load::{Load, build_plant};
use crate::support::{Heard, LINE, Viewer};

/// What an operator is promised.
const LONGEST_END: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_under_load_ends_in_order() {
    let seed = rand::random();
    eprintln!("seed {seed}");
    let (mut plant, credential) = build_plant().await;
    let load = Load::start(&plant, &credential, seed);
    for round in 1..=2 {
        let mut viewer = Viewer::open(plant.hub.http(), plant.rest.token()).await;
        viewer.watch(&format!("line/lyon/{LINE}")).await;
        // Somebody who neither reads nor leaves must not keep the hub from ending.
        let mut mute = Viewer::open(plant.hub.http(), plant.rest.token()).await;
        mute.watch("site/lyon").await;
        load.goes_on(300).await;
        let (end, farewell) = tokio::join!(plant.hub.terminate(), farewell(&mut viewer));
        let (status, took) = end;
        eprintln!("round {round}: ended after {took:?} and {} acknowledgements", load.acknowledged());
        assert!(status.success(), "{status}");
        assert!(took < LONGEST_END, "{took:?}");
        let [.., closing, closed, Heard::Lost] = farewell.as_slice() else { panic!("{farewell:?}") };
        let Heard::Closing { code, retry_after_ms } = closing else { panic!("{closing:?}") };
        assert_eq!(code, "restart");
        assert!((1..=60_000).contains(retry_after_ms), "{retry_after_ms}");
        assert_eq!(*closed, Heard::Closed(1012));
        assert!(!plant.hub.is_announced(), "hub.addr is gone");
        plant.hub.verify().await;
        plant.hub.start().await;
    }
    // The devices come back by themselves after an orderly end, too.
    load.goes_on(200).await;
    let (status, _) = plant.hub.terminate().await;
    assert!(status.success(), "{status}");
    let account = load.switch_off().await;
    plant.hub.start().await;
    let (found, untold) = account.check(&plant).await;
    eprintln!("{found} messages are in the log, {untold} of them unacknowledged");
}

/// Everything a viewer hears until its socket is gone; the close frame is answered on the way.
async fn farewell(viewer: &mut Viewer) -> Vec<Heard> {
    let mut heard = Vec::new();
    while heard.last() != Some(&Heard::Lost) {
        heard.push(viewer.next().await);
    }
    heard
}
