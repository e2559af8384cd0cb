//! Which addresses are on the public internet.

use std::net::{IpAddr, Ipv6Addr};

use super::Network;

/// IANA's special-purpose IPv4 addresses (RFC 6890 and its updates), multicast, and what is reserved.
const NOT_PUBLIC_V4: [Network; 15] = [
    Network::v4([0, 0, 0, 0], 8),
    Network::v4([10, 0, 0, 0], 8),
    // Shared by the customers of a carrier (RFC 6598).
    Network::v4([100, 64, 0, 0], 10),
    Network::v4([127, 0, 0, 0], 8),
    Network::v4([169, 254, 0, 0], 16),
    Network::v4([172, 16, 0, 0], 12),
    Network::v4([192, 0, 0, 0], 24),
    Network::v4([192, 0, 2, 0], 24),
    // Relays to 6to4 (RFC 7526).
    Network::v4([192, 88, 99, 0], 24),
    Network::v4([192, 168, 0, 0], 16),
    // Benchmarking (RFC 2544).
    Network::v4([198, 18, 0, 0], 15),
    Network::v4([198, 51, 100, 0], 24),
    Network::v4([203, 0, 113, 0], 24),
    Network::v4([224, 0, 0, 0], 4),
    Network::v4([240, 0, 0, 0], 4),
];

/// Global unicast. Everything else of IPv6 is local, multicast, reserved, or stands for an IPv4 address.
const GLOBAL_V6: Network = Network::v6([0x2000, 0, 0, 0], 3);

/// What of global unicast is not public, or stands for another address that could be anything.
const NOT_PUBLIC_V6: [Network; 4] = [
    // Protocol assignments, with Teredo, benchmarking and ORCHID in them.
    Network::v6([0x2001, 0, 0, 0], 23),
    Network::v6([0x2001, 0xdb8, 0, 0], 32),
    // 6to4.
    Network::v6([0x2002, 0, 0, 0], 16),
    Network::v6([0x3fff, 0, 0, 0], 20),
];

/// Whether an address is on the public internet. An IPv4 address that is spelt as one of IPv6 is what it stands for.
pub fn is_public(address: IpAddr) -> bool {
    let is_in = |networks: &[Network], address| networks.iter().any(|it| it.contains(address));
    match address.to_canonical() {
        v4 @ IpAddr::V4(_) => !is_in(&NOT_PUBLIC_V4, v4),
        v6 @ IpAddr::V6(_) => GLOBAL_V6.contains(v6) && !is_in(&NOT_PUBLIC_V6, v6),
    }
}

/// Whether an address is this machine's own, by whatever spelling.
pub(super) fn is_loopback(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback(),
        IpAddr::V6(v6) => v6 == Ipv6Addr::LOCALHOST,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::resolver("8.8.8.8")]
    #[case::resolver_v6("2606:4700:4700::1111")]
    #[case::mapped("::ffff:8.8.8.8")]
    #[case::above_ten("11.0.0.0")]
    #[case::before_carrier("100.63.255.255")]
    #[case::behind_carrier("100.128.0.0")]
    #[case::behind_172("172.32.0.0")]
    #[case::below_multicast("223.255.255.255")]
    fn public_addresses_are_public(#[case] address: &str) {
        assert!(is_public(address.parse().unwrap()));
    }

    #[rstest]
    #[case::this_network("0.0.0.0")]
    #[case::this_network("0.255.255.255")]
    #[case::private("10.0.0.1")]
    #[case::private("172.16.0.1")]
    #[case::private("172.31.255.255")]
    #[case::private("192.168.1.1")]
    #[case::carrier("100.64.0.1")]
    #[case::carrier("100.127.255.255")]
    #[case::loopback("127.0.0.1")]
    #[case::loopback("127.255.255.254")]
    #[case::link_local("169.254.169.254")]
    #[case::protocols("192.0.0.8")]
    #[case::documentation("192.0.2.1")]
    #[case::documentation("198.51.100.7")]
    #[case::documentation("203.0.113.9")]
    #[case::relay("192.88.99.1")]
    #[case::benchmarking("198.18.0.1")]
    #[case::benchmarking("198.19.255.255")]
    #[case::multicast("224.0.0.1")]
    #[case::multicast("239.255.255.255")]
    #[case::reserved("240.0.0.1")]
    #[case::broadcast("255.255.255.255")]
    #[case::unspecified("::")]
    #[case::loopback_v6("::1")]
    #[case::mapped_private("::ffff:10.0.0.1")]
    #[case::mapped_loopback("::ffff:127.0.0.1")]
    #[case::mapped_metadata("::ffff:a9fe:a9fe")]
    #[case::compatible("::10.0.0.1")]
    #[case::compatible_public("::8.8.8.8")]
    #[case::translated("64:ff9b::a00:1")]
    #[case::translated_locally("64:ff9b:1::1")]
    #[case::discard("100::1")]
    #[case::teredo("2001::1")]
    #[case::benchmarking_v6("2001:2::1")]
    #[case::orchid("2001:20::1")]
    #[case::documentation_v6("2001:db8::1")]
    #[case::six_to_four("2002:a00:1::1")]
    #[case::documentation_v6("3fff::1")]
    #[case::unique_local("fc00::1")]
    #[case::unique_local("fd12:3456::1")]
    #[case::link_local_v6("fe80::1")]
    #[case::site_local("fec0::1")]
    #[case::multicast_v6("ff02::1")]
    fn all_others_are_not(#[case] address: &str) {
        assert!(!is_public(address.parse().unwrap()));
    }
}
