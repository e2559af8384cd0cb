//! Networks: ranges of addresses with a common beginning.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network in CIDR notation (RFC 4632, RFC 4291): an address, and how many of its bits all members share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    shared_bits: u32,
}

/// The text is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is neither an address nor a network such as 10.0.0.0/8")]
pub struct NotANetwork(String);

impl Network {
    /// The network of an address and the number of leading bits that count.
    pub const fn v4(address: [u8; 4], shared_bits: u32) -> Self {
        let [a, b, c, d] = address;
        Self {
            address: IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
            shared_bits,
        }
    }

    /// The same for IPv6, of which the first four groups are named and the others are zero.
    pub const fn v6(start: [u16; 4], shared_bits: u32) -> Self {
        let [a, b, c, d] = start;
        Self {
            address: IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)),
            shared_bits,
        }
    }

    /// Reads an address, or a network such as `10.0.0.0/8`.
    pub fn parse(raw: &str) -> Result<Self, NotANetwork> {
        let refused = || NotANetwork(raw.to_owned());
        let (address, bits) = match raw.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (raw, None),
        };
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let shared_bits = match bits {
            Some(bits) => bits.parse().map_err(|_| refused())?,
            None => all,
        };
        if shared_bits > all {
            return Err(refused());
        }
        Ok(Self {
            address,
            shared_bits,
        })
    }

    /// Whether an address is in it.
    pub const fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let different = ours.to_bits() ^ theirs.to_bits();
                different.leading_zeros() >= self.shared_bits
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let different = ours.to_bits() ^ theirs.to_bits();
                different.leading_zeros() >= self.shared_bits
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("10.0.0.0/8", "10.255.0.1", true)]
    #[case("10.0.0.0/8", "11.0.0.1", false)]
    #[case("10.1.2.3", "10.1.2.3", true)]
    #[case("10.1.2.3", "10.1.2.4", false)]
    #[case("0.0.0.0/0", "1.2.3.4", true)]
    #[case("0.0.0.0/0", "::1", false)]
    #[case("fd00::/8", "fd12::1", true)]
    #[case("fd00::/8", "fe80::1", false)]
    fn a_network_has_the_addresses_that_begin_like_it(
        #[case] network: &str,
        #[case] address: &str,
        #[case] is_in: bool,
    ) {
        let network = Network::parse(network).unwrap();

        assert_eq!(network.contains(address.parse().unwrap()), is_in);
    }

    #[rstest]
    #[case("")]
    #[case("10.0.0.0/33")]
    #[case("10.0.0.0/-1")]
    #[case("10.0.0/8")]
    #[case("::/129")]
    #[case("example.com")]
    fn anything_else_is_refused(#[case] raw: &str) {
        assert!(Network::parse(raw).is_err());
    }
}
