//! Where a request comes from.

use std::net::IpAddr;

/// The addresses of our own proxies: what they say of their clients is believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<(IpAddr, u8)>);

/// It does not read as an address or as a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an IP address or a network such as 10.0.0.0/8")]
pub struct NotANetwork(String);

impl TrustedProxies {
    /// Reads addresses (`192.0.2.1`, `2001:db8::1`) and networks (`10.0.0.0/8`).
    pub fn parse<'a>(networks: impl IntoIterator<Item = &'a str>) -> Result<Self, NotANetwork> {
        let read = |raw: &str| parse_network(raw).ok_or_else(|| NotANetwork(raw.to_owned()));
        networks
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn include(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| is_within(address, *network))
    }

    /// The address of the client: the peer, or, where the peer is a trusted proxy, the rightmost address of
    /// `X-Forwarded-For` that is not one. `forwarded` are the values of that header, in their order.
    pub fn client_address<'h>(
        &self,
        peer: IpAddr,
        forwarded: impl Iterator<Item = &'h str>,
    ) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.include(peer) {
            return peer;
        }
        let forwarded: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
        let mut nearest = peer;
        for raw in forwarded.into_iter().rev() {
            let Some(address) = parse_forwarded(raw.trim()) else {
                break;
            };
            nearest = address;
            if !self.include(address) {
                break;
            }
        }
        nearest
    }
}

/// Some proxies add the port, and then brackets around an IPv6 address.
fn parse_forwarded(raw: &str) -> Option<IpAddr> {
    let address = raw.parse::<IpAddr>().ok();
    let with_port = || {
        raw.parse::<std::net::SocketAddr>()
            .ok()
            .map(|socket| socket.ip())
    };
    address
        .or_else(with_port)
        .map(|address| address.to_canonical())
}

fn parse_network(raw: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = match raw.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (raw, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let bits_max = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(bits_max);
    (bits <= bits_max).then_some((address, bits))
}

fn is_within(address: IpAddr, (network, bits): (IpAddr, u8)) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::stranger_lies("203.0.113.9", &["198.51.100.1"], "203.0.113.9")]
    #[case::behind_one_proxy("10.0.0.1", &["198.51.100.1"], "198.51.100.1")]
    #[case::behind_two_proxies("10.0.0.1", &["198.51.100.1, 10.0.0.2"], "198.51.100.1")]
    #[case::client_made_one_up("10.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1")]
    #[case::two_headers("10.0.0.1", &["1.1.1.1", "198.51.100.1"], "198.51.100.1")]
    #[case::with_port("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1")]
    #[case::version_6("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1")]
    #[case::nonsense("10.0.0.1", &["unknown"], "10.0.0.1")]
    #[case::nothing("10.0.0.1", &[], "10.0.0.1")]
    #[case::proxy_itself("10.0.0.1", &["10.0.0.7"], "10.0.0.7")]
    fn only_trusted_proxies_are_believed(
        #[case] peer: &str,
        #[case] forwarded: &[&str],
        #[case] expected: &str,
    ) {
        let proxies = TrustedProxies::parse(["10.0.0.0/8", "2001:db8:ffff::/48"]).unwrap();

        let address = proxies.client_address(peer.parse().unwrap(), forwarded.iter().copied());

        assert_eq!(address, expected.parse::<IpAddr>().unwrap());
    }

    #[rstest]
    #[case("10.0.0.0/8", "10.255.0.1", true)]
    #[case("10.0.0.0/8", "11.0.0.1", false)]
    #[case("0.0.0.0/0", "203.0.113.9", true)]
    #[case("192.0.2.1", "192.0.2.1", true)]
    #[case("192.0.2.1", "192.0.2.2", false)]
    #[case("2001:db8::/32", "2001:db8:1::1", true)]
    #[case("::/0", "192.0.2.1", false)]
    fn networks_include_their_addresses(
        #[case] network: &str,
        #[case] address: &str,
        #[case] is_included: bool,
    ) {
        let proxies = TrustedProxies::parse([network]).unwrap();

        assert_eq!(proxies.include(address.parse().unwrap()), is_included);
    }

    #[rstest]
    fn what_is_not_a_network_is_refused(
        #[values("", "10.0.0.0/33", "10.0.0/8", "example.com", "::/129", "10.0.0.0/-1")] raw: &str,
    ) {
        assert!(TrustedProxies::parse([raw]).is_err());
    }
}
