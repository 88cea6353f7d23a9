//! Live sessions over real sockets: a real server on a free port, a hub that tests script, WebSocket clients.

#[cfg(test)]
mod closing;
#[cfg(test)]
mod handshake;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod support;
#[cfg(test)]
mod topics;
