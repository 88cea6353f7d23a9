//! Signals that end the program: the first one gracefully, the second one at once.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals of a program that is asked to end.
pub(crate) struct Shutdown {
    terminate: Signal,
    interrupt: Signal,
}

impl Shutdown {
    /// From now on the signals are ours.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the next signal, and names it.
    pub(crate) async fn requested(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }

    /// From now on the next signal ends the process with exit code 1, whatever it is doing.
    pub(crate) fn end_at_next(mut self) {
        tokio::spawn(async move {
            let signal = self.requested().await;
            tracing::error!(signal, "asked to end a second time, what is not finished is cut off");
            std::process::exit(1);
        });
    }
}
