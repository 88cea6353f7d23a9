//! The scope of a device's credential: a tenant, or a site, line or machine of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::topic::DeviceTopic;
use crate::Rejection;
use crate::ids::{LineCode, MachineCode, SiteCode, TenantCode};

const PATH_RULE: &str = "must be site[/line[/machine]]";

/// What a device may speak for: everything at and below an address. Text form: `tenant[/site[/line[/machine]]]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeviceScope {
    tenant: TenantCode,
    site: Option<SiteCode>,
    line: Option<LineCode>,
    machine: Option<MachineCode>,
}

impl DeviceScope {
    /// A whole tenant.
    pub fn of_tenant(tenant: TenantCode) -> Self {
        Self { tenant, site: None, line: None, machine: None }
    }

    /// A part of a tenant: `site[/line[/machine]]`, or the whole tenant where the path is empty.
    pub fn parse(tenant: TenantCode, path: &str) -> Result<Self, Rejection> {
        let mut scope = Self::of_tenant(tenant);
        if path.is_empty() {
            return Ok(scope);
        }
        let named = |rejection: Rejection| Rejection::invalid("scope", rejection.to_string());
        let mut levels = path.split('/');
        scope.site = levels.next().map(str::parse).transpose().map_err(named)?;
        scope.line = levels.next().map(str::parse).transpose().map_err(named)?;
        scope.machine = levels.next().map(str::parse).transpose().map_err(named)?;
        if levels.next().is_some() {
            return Err(Rejection::invalid("scope", PATH_RULE));
        }
        Ok(scope)
    }

    /// The company.
    pub fn tenant(&self) -> &TenantCode {
        &self.tenant
    }

    /// The plant, unless the scope is the whole tenant.
    pub fn site(&self) -> Option<&SiteCode> {
        self.site.as_ref()
    }

    /// The line, if the scope is a line or a machine.
    pub fn line(&self) -> Option<&LineCode> {
        self.line.as_ref()
    }

    /// The machine, if the scope is one machine.
    pub fn machine(&self) -> Option<&MachineCode> {
        self.machine.as_ref()
    }

    /// The scope below its tenant: `site[/line[/machine]]`; empty for the whole tenant.
    pub fn path(&self) -> String {
        self.levels().skip(1).collect::<Vec<_>>().join("/")
    }

    /// Tenant, site, line and machine, as far as the scope names them.
    pub fn levels(&self) -> impl Iterator<Item = &str> {
        let below = [
            self.site.as_ref().map(SiteCode::as_str),
            self.line.as_ref().map(LineCode::as_str),
            self.machine.as_ref().map(MachineCode::as_str),
        ];
        std::iter::once(self.tenant.as_str()).chain(below.into_iter().flatten())
    }

    /// Whether a message on this topic may come from a device of this scope.
    pub fn covers(&self, topic: &DeviceTopic) -> bool {
        fn is<T: PartialEq>(limit: Option<&T>, actual: Option<&T>) -> bool {
            limit.is_none_or(|limit| Some(limit) == actual)
        }
        let (tenant, site, line, machine) = match topic {
            DeviceTopic::Machine { tenant, site, line, machine, .. } => {
                (tenant, site, Some(line), Some(machine))
            }
            DeviceTopic::SiteStock { tenant, site } => (tenant, site, None, None),
        };
        &self.tenant == tenant
            && is(self.site(), Some(site))
            && is(self.line(), line)
            && is(self.machine(), machine)
    }
}

impl fmt::Display for DeviceScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, level) in self.levels().enumerate() {
            let separator = if depth > 0 { "/" } else { "" };
            write!(f, "{separator}{level}")?;
        }
        Ok(())
    }
}

impl FromStr for DeviceScope {
    type Err = Rejection;

    fn from_str(text: &str) -> Result<Self, Rejection> {
        match text.split_once('/') {
            Some((_, "")) => Err(Rejection::invalid("scope", PATH_RULE)),
            Some((tenant, path)) => Self::parse(tenant.parse()?, path),
            None => Ok(Self::of_tenant(text.parse()?)),
        }
    }
}

impl Serialize for DeviceScope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DeviceScope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in ["acme", "acme/linz", "acme/linz/saw", "acme/linz/saw/s1"] {
            let scope: DeviceScope = text.parse().unwrap();
            assert_eq!(scope.to_string(), text);
            assert_eq!(DeviceScope::parse(scope.tenant().clone(), &scope.path()).unwrap(), scope);
            let json = serde_json::to_string(&scope).unwrap();
            assert_eq!(serde_json::from_str::<DeviceScope>(&json).unwrap(), scope);
        }
        for text in ["", "/", "acme/", "acme//saw", "acme/linz/saw/s1/x", "acme/+", "acme/../x", "Acme"] {
            assert!(text.parse::<DeviceScope>().is_err(), "{text}");
        }
    }

    #[test]
    fn covers_its_own_part_only() {
        let machine = DeviceTopic::parse("hub/v1/acme/linz/saw/s1/count").unwrap();
        let stock = DeviceTopic::parse("hub/v1/acme/linz/stock").unwrap();
        for (scope, machine_covered, stock_covered) in [
            ("acme", true, true),
            ("acme/linz", true, true),
            ("acme/linz/saw", true, false),
            ("acme/linz/saw/s1", true, false),
            ("other", false, false),
            ("acme/graz", false, false),
            ("acme/linz/mill", false, false),
            ("acme/linz/saw/s2", false, false),
            ("acme/linz/stock", false, false),
        ] {
            let scope: DeviceScope = scope.parse().unwrap();
            assert_eq!(scope.covers(&machine), machine_covered, "{scope}");
            assert_eq!(scope.covers(&stock), stock_covered, "{scope}");
        }
    }
}
