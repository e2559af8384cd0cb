//! What a key may do.

use std::{collections::BTreeSet, fmt};

use crate::values::InvalidValue;

/// What can be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Invoices.
    Invoices,
    /// Customers.
    Customers,
    /// Ledger accounts.
    Accounts,
    /// Transfers between accounts.
    Transfers,
    /// Users and their wallets.
    Users,
    /// Payments through providers.
    Payments,
    /// Vouchers and campaigns.
    Vouchers,
    /// Webhook endpoints.
    Webhooks,
    /// The event feed.
    Events,
    /// API keys.
    Keys,
    /// The organization itself.
    Organization,
}

/// How a resource is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Look.
    Read,
    /// Change.
    Write,
}

/// One permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everything: `*`.
    All,
    /// One use of one resource: `invoices:read`.
    Of(Resource, Access),
}

const RESOURCES: [(Resource, &str); 11] = [
    (Resource::Invoices, "invoices"),
    (Resource::Customers, "customers"),
    (Resource::Accounts, "accounts"),
    (Resource::Transfers, "transfers"),
    (Resource::Users, "users"),
    (Resource::Payments, "payments"),
    (Resource::Vouchers, "vouchers"),
    (Resource::Webhooks, "webhooks"),
    (Resource::Events, "events"),
    (Resource::Keys, "keys"),
    (Resource::Organization, "organization"),
];

impl Scope {
    /// Reads `*` or `<resource>:read` or `<resource>:write`.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let unknown = InvalidValue::Unsupported {
            expected: "* or <resource>:read or <resource>:write with a known resource",
        };
        if raw == "*" {
            return Ok(Self::All);
        }
        let (name, access) = raw.split_once(':').ok_or(unknown.clone())?;
        let known = RESOURCES.iter().find(|(_, spelt)| *spelt == name);
        match (known, access) {
            (Some((resource, _)), "read") => Ok(Self::Of(*resource, Access::Read)),
            (Some((resource, _)), "write") => Ok(Self::Of(*resource, Access::Write)),
            _ => Err(unknown),
        }
    }

    /// Every scope there is, `*` first.
    pub fn all() -> impl Iterator<Item = Self> {
        let both = |(resource, _): (Resource, _)| {
            [Access::Read, Access::Write].map(|access| Self::Of(resource, access))
        };
        std::iter::once(Self::All).chain(RESOURCES.into_iter().flat_map(both))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Of(resource, access) = self else {
            return f.write_str("*");
        };
        let name = RESOURCES.iter().find(|(known, _)| known == resource);
        let access = match access {
            Access::Read => "read",
            Access::Write => "write",
        };
        write!(f, "{}:{access}", name.map_or("", |(_, spelt)| spelt))
    }
}

/// What a key may do, all in all: at least one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// A set of scopes.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Result<Self, InvalidValue> {
        let scopes: BTreeSet<_> = scopes.into_iter().collect();
        if scopes.is_empty() {
            Err(InvalidValue::Empty)
        } else {
            Ok(Self(scopes))
        }
    }

    /// Whether this scope is among them, by itself or through `*`.
    pub fn allow(&self, scope: Scope) -> bool {
        self.0.contains(&Scope::All) || self.0.contains(&scope)
    }

    /// The scopes, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_reads_back_as_it_is_written() {
        for scope in Scope::all() {
            assert_eq!(Scope::parse(&scope.to_string()), Ok(scope));
        }
        assert_eq!(Scope::all().count(), 23);
    }

    #[test]
    fn unknown_scopes_are_refused() {
        for raw in [
            "",
            "invoices",
            "invoices:delete",
            "Invoices:read",
            "all:read",
            "*:read",
        ] {
            assert!(Scope::parse(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn writing_does_not_imply_reading() {
        let write = Scope::Of(Resource::Invoices, Access::Write);
        let read = Scope::Of(Resource::Invoices, Access::Read);
        let scopes = Scopes::new([write]).unwrap();

        assert!(scopes.allow(write));
        assert!(!scopes.allow(read));
    }
}
