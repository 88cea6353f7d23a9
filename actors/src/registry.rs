//! The registry: from an address to a mailbox, without a lock and without a hop through the parents.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use actix::Addr;
use domain::ids::{LineAddress, SiteAddress, TenantCode};
use domain::tenant::TenantState;
use domain::wire::topic::LiveTopic;
use tokio::sync::watch;

use crate::line::LineActor;
use crate::live::{FanOut, Tail};
use crate::site::SiteActor;
use crate::tenant::TenantActor;

/// Where a line is.
#[derive(Clone, Debug)]
pub enum LinePlace {
    /// Up, at this address.
    Up(Addr<LineActor>),
    /// It ended and will be started again.
    Restarting,
    /// It was restarted too often: a person must release it.
    Quarantined,
}

/// A tenant that runs.
#[derive(Clone)]
pub struct TenantPlace {
    /// Its actor.
    pub address: Addr<TenantActor>,
    /// Its directory, as far as it is committed.
    pub directory: watch::Receiver<Arc<TenantState>>,
}

/// A live topic of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicKey {
    /// The tenant.
    pub tenant: TenantCode,
    /// The topic.
    pub topic: LiveTopic,
}

/// Whether anybody looks at a topic: its source need not publish while nobody does.
#[derive(Debug, Default)]
pub struct Gate(AtomicBool);

impl Gate {
    /// Whether somebody looks.
    pub fn is_open(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, open: bool) {
        self.0.store(open, Ordering::Relaxed);
    }
}

/// Everybody's address.
#[derive(Default)]
pub struct Registry {
    tenants: papaya::HashMap<TenantCode, TenantPlace>,
    sites: papaya::HashMap<SiteAddress, Addr<SiteActor>>,
    lines: papaya::HashMap<LineAddress, LinePlace>,
    gates: papaya::HashMap<TopicKey, Arc<Gate>>,
    fanouts: papaya::HashMap<usize, Addr<FanOut>>,
    tails: papaya::HashMap<TopicKey, Arc<Tail>>,
    open_tails: AtomicUsize,
}

impl Registry {
    /// A tenant.
    pub fn tenant(&self, code: &TenantCode) -> Option<TenantPlace> {
        self.tenants.pin().get(code).cloned()
    }

    /// A site.
    pub fn site(&self, address: &SiteAddress) -> Option<Addr<SiteActor>> {
        self.sites.pin().get(address).cloned()
    }

    /// Every site of a tenant.
    pub fn sites_of(&self, tenant: &TenantCode) -> Vec<Addr<SiteActor>> {
        self.sites
            .pin()
            .iter()
            .filter(|(site, _)| site.tenant == *tenant)
            .map(|(_, addr)| addr.clone())
            .collect()
    }

    /// A line.
    pub fn line(&self, address: &LineAddress) -> Option<LinePlace> {
        self.lines.pin().get(address).cloned()
    }

    /// How many lines are up, restarting and quarantined.
    pub fn count_lines(&self) -> (usize, usize, usize) {
        self.lines.pin().values().fold((0, 0, 0), |(up, restarting, quarantined), place| match place {
            LinePlace::Up(_) => (up + 1, restarting, quarantined),
            LinePlace::Restarting => (up, restarting + 1, quarantined),
            LinePlace::Quarantined => (up, restarting, quarantined + 1),
        })
    }

    /// The gate of a topic.
    pub fn gate(&self, key: &TopicKey) -> Arc<Gate> {
        self.gates.pin().get_or_insert_with(key.clone(), Arc::default).clone()
    }

    /// Whether anybody watches messages, of whatever tenant: what every packet asks first.
    pub(crate) fn is_tailed(&self) -> bool {
        self.open_tails.load(Ordering::Relaxed) > 0
    }

    /// Where messages for this topic go; nowhere while nobody watches it.
    pub(crate) fn tail(&self, key: &TopicKey) -> Option<Arc<Tail>> {
        self.tails.pin().get(key).cloned()
    }

    pub(crate) fn open_tail(&self, key: &TopicKey, tail: Arc<Tail>) {
        if self.tails.pin().insert(key.clone(), tail).is_none() {
            self.open_tails.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn close_tail(&self, key: &TopicKey) {
        if self.tails.pin().remove(key).is_some() {
            self.open_tails.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// The fan-out of a thread.
    pub(crate) fn fanout(&self, slot: usize) -> Option<Addr<FanOut>> {
        self.fanouts.pin().get(&slot).cloned()
    }

    /// Every fan-out.
    pub(crate) fn fanouts(&self) -> Vec<Addr<FanOut>> {
        self.fanouts.pin().values().cloned().collect()
    }

    pub(crate) fn put_fanout(&self, slot: usize, fanout: Addr<FanOut>) {
        self.fanouts.pin().insert(slot, fanout);
    }

    pub(crate) fn put_tenant(&self, code: TenantCode, place: TenantPlace) {
        self.tenants.pin().insert(code, place);
    }

    pub(crate) fn put_site(&self, address: SiteAddress, site: Addr<SiteActor>) {
        self.sites.pin().insert(address, site);
    }

    pub(crate) fn remove_site(&self, address: &SiteAddress) {
        self.sites.pin().remove(address);
    }

    pub(crate) fn put_line(&self, address: LineAddress, place: LinePlace) {
        self.lines.pin().insert(address, place);
    }

    pub(crate) fn remove_line(&self, address: &LineAddress) {
        self.lines.pin().remove(address);
    }
}
