//! Who owns a message: the line has states, counts, measures and alarms; the site has orders and stock.

use std::sync::Arc;

use domain::Code;
use domain::Rejection;
use domain::wire::topic::{Channel, DeviceTopic};
use tokio::sync::oneshot;

use super::Answer;
use crate::mailbox::{self, Undelivered};
use crate::messages::{LinePacket, Packet, SitePacket, line_quarantined};
use crate::registry::LinePlace;
use crate::shared::Shared;

/// Why a packet is not with its owner.
pub(super) enum Undeliverable {
    /// There is no such owner.
    Refused(Rejection),
    /// The owner is quarantined.
    Quarantined(Rejection),
    /// The owner has no room.
    Full,
    /// The owner has ended and starts again.
    Restarting,
}

fn unknown(code: Code, field: &str, what: &dyn std::fmt::Display) -> Undeliverable {
    Undeliverable::Refused(Rejection::new(code, Some(field), format!("there is no {field} {what}")))
}

/// Puts a packet into its owner's mailbox.
pub(super) fn place(
    shared: &Shared,
    topic: &DeviceTopic,
    packet: &Arc<Packet>,
) -> Result<oneshot::Receiver<Answer>, Undeliverable> {
    let (reply, waiting) = oneshot::channel();
    let packet = packet.clone();
    match topic {
        DeviceTopic::Machine { channel: Channel::Order | Channel::Stock, line, machine, .. } => {
            let site = site_of(shared, topic)?;
            // A line that does not exist is told apart from a machine that does not.
            line_of(shared, topic, true)?;
            let machine = Some((line.clone(), machine.clone()));
            delivered(mailbox::post(&site, SitePacket { machine, packet, reply }))?;
        }
        DeviceTopic::SiteStock { .. } => {
            let site = site_of(shared, topic)?;
            delivered(mailbox::post(&site, SitePacket { machine: None, packet, reply }))?;
        }
        DeviceTopic::Machine { machine, .. } => {
            let Some(LinePlace::Up(line)) = line_of(shared, topic, false)? else {
                return Err(Undeliverable::Restarting);
            };
            delivered(mailbox::post(&line, LinePacket { machine: machine.clone(), packet, reply }))?;
        }
    }
    Ok(waiting)
}

fn delivered<M>(posted: Result<(), Undelivered<M>>) -> Result<(), Undeliverable> {
    posted.map_err(|undelivered| match undelivered {
        Undelivered::Full(_) => Undeliverable::Full,
        Undelivered::Closed(_) => Undeliverable::Restarting,
    })
}

fn site_of(
    shared: &Shared,
    topic: &DeviceTopic,
) -> Result<actix::Addr<crate::site::SiteActor>, Undeliverable> {
    let address = topic.site_address();
    if shared.registry.tenant(&address.tenant).is_none() {
        return Err(unknown(Code::UnknownTenant, "tenant", &address.tenant));
    }
    shared.registry.site(&address).ok_or_else(|| unknown(Code::UnknownSite, "site", &address.site))
}

/// The line of a topic, if it is one that takes messages.
fn line_of(shared: &Shared, topic: &DeviceTopic, for_site: bool) -> Result<Option<LinePlace>, Undeliverable> {
    let Some(address) = topic.line_address() else { return Ok(None) };
    match shared.registry.line(&address) {
        Some(LinePlace::Quarantined) if !for_site => {
            Err(Undeliverable::Quarantined(line_quarantined(&address)))
        }
        Some(place) => Ok(Some(place)),
        None => {
            // Nothing is created by a message: find out which level is not there.
            site_of(shared, topic)?;
            Err(unknown(Code::UnknownLine, "line", &address.line))
        }
    }
}
