//! The grammar of topics: those of devices, those to devices with their filters, and those of live sessions.

use std::fmt;
use std::str::FromStr;

pub use super::scope::DeviceScope;
use crate::ids::{LineAddress, LineCode, MachineCode, SiteAddress, SiteCode, TenantCode};
use crate::{Code, Rejection};

/// No topic or filter of the grammar is longer: four slugs of 63 bytes and the fixed levels fit.
pub const MAX_TOPIC_BYTES: usize = 300;

const DEVICE_RULE: &str =
    "must be hub/v1/{tenant}/{site}/{line}/{machine}/{channel} or hub/v1/{tenant}/{site}/stock";
const LIVE_RULE: &str = "must be site/S, line/S/L, stock/S, orders/S, messages/S, messages/S/L, alerts, alerts/S or inbox, with codes as slugs";
const FILTER_RULE: &str = "must be a topic filter of MQTT";

fn invalid(rule: &str) -> Rejection {
    Rejection::new(Code::InvalidTopic, Some("topic"), rule)
}

/// What a message of a device is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// What the machine does.
    State,
    /// What it made.
    Count,
    /// What it measured.
    Measure,
    /// Its own alarms.
    Alarm,
    /// An order moves along.
    Order,
    /// A change of stock.
    Stock,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 6] =
        [Self::State, Self::Count, Self::Measure, Self::Alarm, Self::Order, Self::Stock];

    /// The channel as the last level of a topic.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Count => "count",
            Self::Measure => "measure",
            Self::Alarm => "alarm",
            Self::Order => "order",
            Self::Stock => "stock",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A topic that devices publish to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeviceTopic {
    /// `hub/v1/{tenant}/{site}/{line}/{machine}/{channel}`.
    Machine {
        /// The company.
        tenant: TenantCode,
        /// The plant.
        site: SiteCode,
        /// The line.
        line: LineCode,
        /// The machine that speaks.
        machine: MachineCode,
        /// What about.
        channel: Channel,
    },
    /// `hub/v1/{tenant}/{site}/stock`, of scanners and warehouse gateways.
    SiteStock {
        /// The company.
        tenant: TenantCode,
        /// The plant.
        site: SiteCode,
    },
}

impl DeviceTopic {
    /// Parses a topic name; anything outside the grammar is `invalid_topic`.
    pub fn parse(topic: &str) -> Result<Self, Rejection> {
        Self::read(topic).ok_or_else(|| invalid(DEVICE_RULE))
    }

    fn read(topic: &str) -> Option<Self> {
        if topic.len() > MAX_TOPIC_BYTES {
            return None;
        }
        let mut levels = topic.strip_prefix("hub/v1/")?.split('/');
        let tenant = TenantCode::parse(levels.next()?).ok()?;
        let site = SiteCode::parse(levels.next()?).ok()?;
        let third = levels.next()?;
        let Some(fourth) = levels.next() else {
            return (third == "stock").then_some(Self::SiteStock { tenant, site });
        };
        let line = LineCode::parse(third).ok()?;
        let machine = MachineCode::parse(fourth).ok()?;
        let last = levels.next()?;
        let channel = Channel::ALL.into_iter().find(|channel| channel.as_str() == last)?;
        levels.next().is_none().then_some(Self::Machine { tenant, site, line, machine, channel })
    }

    /// The site and, where it says one, the line that a topic is about, also if the rest of it is outside the grammar.
    pub fn place_of(topic: &str) -> Option<(SiteAddress, Option<LineCode>)> {
        if topic.len() > MAX_TOPIC_BYTES {
            return None;
        }
        let mut levels = topic.strip_prefix("hub/v1/")?.split('/');
        let tenant = TenantCode::parse(levels.next()?).ok()?;
        let site = SiteCode::parse(levels.next()?).ok()?;
        let third = levels.next();
        let is_line = levels.next().is_some() || third != Some("stock");
        let line = third.filter(|_| is_line).and_then(|level| LineCode::parse(level).ok());
        Some((SiteAddress { tenant, site }, line))
    }

    /// The company.
    pub fn tenant(&self) -> &TenantCode {
        match self {
            Self::Machine { tenant, .. } | Self::SiteStock { tenant, .. } => tenant,
        }
    }

    /// The plant.
    pub fn site(&self) -> &SiteCode {
        match self {
            Self::Machine { site, .. } | Self::SiteStock { site, .. } => site,
        }
    }

    /// The address of the site.
    pub fn site_address(&self) -> SiteAddress {
        SiteAddress { tenant: self.tenant().clone(), site: self.site().clone() }
    }

    /// The address of the machine's line; none for the stock topic of a site.
    pub fn line_address(&self) -> Option<LineAddress> {
        match self {
            Self::Machine { tenant, site, line, .. } => {
                Some(LineAddress { tenant: tenant.clone(), site: site.clone(), line: line.clone() })
            }
            Self::SiteStock { .. } => None,
        }
    }

    /// The channel, which decides the fields of a message.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Machine { channel, .. } => *channel,
            Self::SiteStock { .. } => Channel::Stock,
        }
    }

    /// Where refusals of messages on this topic are reported.
    pub fn refused_topic(&self) -> TopicToDevice {
        match self {
            Self::Machine { tenant, site, line, machine, .. } => TopicToDevice::MachineRefused(
                LineAddress { tenant: tenant.clone(), site: site.clone(), line: line.clone() },
                machine.clone(),
            ),
            Self::SiteStock { .. } => TopicToDevice::SiteRefused(self.site_address()),
        }
    }
}

impl fmt::Display for DeviceTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Machine { tenant, site, line, machine, channel } => {
                write!(f, "hub/v1/{tenant}/{site}/{line}/{machine}/{channel}")
            }
            Self::SiteStock { tenant, site } => write!(f, "hub/v1/{tenant}/{site}/stock"),
        }
    }
}

impl FromStr for DeviceTopic {
    type Err = Rejection;
    fn from_str(topic: &str) -> Result<Self, Rejection> {
        Self::parse(topic)
    }
}

/// A topic that devices may subscribe to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TopicToDevice {
    /// The light of a line, retained.
    Andon(LineAddress),
    /// The order a machine works on, retained.
    Job(LineAddress, MachineCode),
    /// Refused messages of a machine.
    MachineRefused(LineAddress, MachineCode),
    /// Refused messages of a site's stock topic.
    SiteRefused(SiteAddress),
}

impl TopicToDevice {
    /// Whether the newest message is kept for devices that subscribe later.
    pub fn is_retained(&self) -> bool {
        matches!(self, Self::Andon(_) | Self::Job(..))
    }
}

impl fmt::Display for TopicToDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Andon(line) => write!(f, "hub/v1/{line}/andon"),
            Self::Job(line, machine) => write!(f, "hub/v1/{line}/{machine}/job"),
            Self::MachineRefused(line, machine) => write!(f, "hub/v1/{line}/{machine}/refused"),
            Self::SiteRefused(site) => write!(f, "hub/v1/{site}/refused"),
        }
    }
}

/// A subscription's filter: levels, of which `+` matches any one and a last `#` the rest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicFilter(String);

/// The forms of [`TopicToDevice`]; `None` stands for a code.
const FORMS: [&[Option<&str>]; 4] = [
    &[Some("hub"), Some("v1"), None, None, None, Some("andon")],
    &[Some("hub"), Some("v1"), None, None, None, None, Some("job")],
    &[Some("hub"), Some("v1"), None, None, None, None, Some("refused")],
    &[Some("hub"), Some("v1"), None, None, Some("refused")],
];

impl TopicFilter {
    /// Parses a filter by the rules of MQTT 5, section 4.7.
    pub fn parse(filter: &str) -> Result<Self, Rejection> {
        let levels = filter.split('/').count();
        let well_formed = filter.split('/').enumerate().all(|(index, level)| match level {
            "+" => true,
            "#" => index + 1 == levels,
            name => !name.contains(['+', '#', '\0']),
        });
        if filter.is_empty() || filter.len() > MAX_TOPIC_BYTES || !well_formed {
            return Err(invalid(FILTER_RULE));
        }
        Ok(Self(filter.to_owned()))
    }

    /// The filter as the device wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the filter selects this topic name.
    pub fn matches(&self, topic: &str) -> bool {
        if topic.starts_with('$') && self.0.starts_with(['+', '#']) {
            return false;
        }
        let mut topic_levels = topic.split('/');
        for level in self.0.split('/') {
            if level == "#" {
                return true;
            }
            match topic_levels.next() {
                Some(name) if level == "+" || level == name => {}
                _ => return false,
            }
        }
        topic_levels.next().is_none()
    }

    /// Whether a device of this scope may subscribe: the filter selects topics to devices, and only
    /// such as lie within the scope. (Topics from devices are never handed out, so a filter may span them.)
    pub fn is_within(&self, scope: &DeviceScope) -> bool {
        let levels: Vec<&str> = self.0.split('/').collect();
        let limits: Vec<&str> = ["hub", "v1"].into_iter().chain(scope.levels()).collect();
        let names_the_scope = levels.get(..limits.len()) == Some(limits.as_slice());
        // Where a code of the scope is spelt like a fixed level (a line called `refused`), a filter may
        // also select the topic of the level above; such a form has no code in that place.
        let is_below = |form: &[Option<&str>]| {
            form.len() > limits.len() && form[2..limits.len()].iter().all(Option::is_none)
        };
        let mut selected = FORMS.into_iter().filter(|form| selects_form(&levels, form)).peekable();
        names_the_scope && selected.peek().is_some() && selected.all(is_below)
    }
}

fn selects_form(levels: &[&str], form: &[Option<&str>]) -> bool {
    let (levels, open_end) = match levels {
        [head @ .., "#"] => (head, true),
        all => (all, false),
    };
    let fits = |(level, expected): (&&str, &Option<&str>)| match expected {
        _ if *level == "+" => true,
        Some(fixed) => level == fixed,
        None => SiteCode::parse(level).is_ok(),
    };
    let long_enough = if open_end { levels.len() <= form.len() } else { levels.len() == form.len() };
    long_enough && levels.iter().zip(form).all(fits)
}

/// Whether every topic to devices that the filter can select lies within the scope, and there is one.
pub fn filter_within_scope(filter: &TopicFilter, scope: &DeviceScope) -> bool {
    filter.is_within(scope)
}

/// A topic of a live session; the tenant is the session's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LiveTopic {
    /// `site/{site}`: an overview of every line.
    Site(SiteCode),
    /// `line/{site}/{line}`: everything about a line.
    Line(SiteCode, LineCode),
    /// `stock/{site}`: levels of stock.
    Stock(SiteCode),
    /// `orders/{site}`: open orders and those closed lately.
    Orders(SiteCode),
    /// `messages/{site}`: the messages of a site's devices as they come, and what came of each.
    SiteMessages(SiteCode),
    /// `messages/{site}/{line}`: those of one line.
    LineMessages(SiteCode, LineCode),
    /// `alerts`: of the whole tenant.
    Alerts,
    /// `alerts/{site}`: of a site.
    SiteAlerts(SiteCode),
    /// `inbox`: notifications of the session's user.
    Inbox,
}

impl LiveTopic {
    /// The site the topic is about; none for those of the tenant and the user.
    pub fn site(&self) -> Option<&SiteCode> {
        match self {
            Self::Site(site)
            | Self::Line(site, _)
            | Self::Stock(site)
            | Self::Orders(site)
            | Self::SiteMessages(site)
            | Self::LineMessages(site, _)
            | Self::SiteAlerts(site) => Some(site),
            Self::Alerts | Self::Inbox => None,
        }
    }

    /// Whether the topic tells of messages of devices rather than of the plant.
    pub fn is_tail(&self) -> bool {
        matches!(self, Self::SiteMessages(_) | Self::LineMessages(..))
    }

    /// Whether every change is a delta of its own, neither merged nor held back.
    pub fn keeps_every_change(&self) -> bool {
        matches!(self, Self::Alerts | Self::SiteAlerts(_) | Self::Inbox)
    }
}

impl FromStr for LiveTopic {
    type Err = Rejection;

    fn from_str(topic: &str) -> Result<Self, Rejection> {
        let bad = |_| invalid(LIVE_RULE);
        let levels: Vec<&str> = topic.splitn(4, '/').collect();
        Ok(match levels.as_slice() {
            ["site", site] => Self::Site(site.parse().map_err(bad)?),
            ["line", site, line] => Self::Line(site.parse().map_err(bad)?, line.parse().map_err(bad)?),
            ["stock", site] => Self::Stock(site.parse().map_err(bad)?),
            ["orders", site] => Self::Orders(site.parse().map_err(bad)?),
            ["messages", site] => Self::SiteMessages(site.parse().map_err(bad)?),
            ["messages", site, line] => {
                Self::LineMessages(site.parse().map_err(bad)?, line.parse().map_err(bad)?)
            }
            ["alerts"] => Self::Alerts,
            ["alerts", site] => Self::SiteAlerts(site.parse().map_err(bad)?),
            ["inbox"] => Self::Inbox,
            _ => return Err(invalid(LIVE_RULE)),
        })
    }
}

impl fmt::Display for LiveTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site(site) => write!(f, "site/{site}"),
            Self::Line(site, line) => write!(f, "line/{site}/{line}"),
            Self::Stock(site) => write!(f, "stock/{site}"),
            Self::Orders(site) => write!(f, "orders/{site}"),
            Self::SiteMessages(site) => write!(f, "messages/{site}"),
            Self::LineMessages(site, line) => write!(f, "messages/{site}/{line}"),
            Self::Alerts => f.write_str("alerts"),
            Self::SiteAlerts(site) => write!(f, "alerts/{site}"),
            Self::Inbox => f.write_str("inbox"),
        }
    }
}

#[cfg(test)]
#[path = "topic_tests.rs"]
mod tests;
