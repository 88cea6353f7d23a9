//! Live sessions over real sockets: a real server on a free port, a hub that tests script, WebSocket clients.

mod closing;
mod handshake;
mod slow;
mod support;
mod topics;
