//! How far webhooks may reach.

use std::net::IpAddr;

use super::{Network, is_public, public_address::is_loopback};

/// Where webhooks may be sent besides the public internet, and how. The default is: nowhere else, and encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Without encryption too.
    pub plain_http: bool,
    /// To this machine too, and there without encryption.
    pub loopback: bool,
    /// To these networks too.
    pub networks: Vec<Network>,
}

impl Reach {
    /// Whether something may be sent to an address.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address)
            || (self.loopback && is_loopback(address))
            || self.networks.iter().any(|it| it.contains(address))
    }
}
