use rstest::rstest;

use super::*;
use crate::webhooks::Network;

fn home() -> Reach {
    Reach {
        loopback: true,
        ..Reach::default()
    }
}

fn inside() -> Reach {
    Reach {
        plain_http: true,
        networks: vec![Network::parse("10.1.0.0/16").unwrap()],
        ..Reach::default()
    }
}

#[rstest]
#[case("https://example.com", "https://example.com/")]
#[case(
    "https://example.com/hooks?tenant=7",
    "https://example.com/hooks?tenant=7"
)]
#[case(" HTTPS://EXAMPLE.com:443/ ", "https://example.com/")]
#[case("https://example.com:8443/a b", "https://example.com:8443/a%20b")]
#[case("https://example.com./hooks", "https://example.com./hooks")]
#[case("https://bücher.example/", "https://xn--bcher-kva.example/")]
#[case("https://8.8.8.8/", "https://8.8.8.8/")]
#[case("https://0x08.0x08.0x08.0x08/", "https://8.8.8.8/")]
#[case(
    "https://[2606:4700:4700::1111]:444/",
    "https://[2606:4700:4700::1111]:444/"
)]
#[case("https://mylocalhost/", "https://mylocalhost/")]
fn a_url_on_the_public_internet_is_taken(#[case] raw: &str, #[case] spelt: &str) {
    let url = WebhookUrl::parse(raw, &Reach::default()).unwrap();

    assert_eq!(url.as_str(), spelt);
}

#[rstest]
// Other schemes.
#[case("http://example.com/")]
#[case("ftp://example.com/")]
#[case("file:///etc/passwd")]
#[case("gopher://example.com/")]
#[case("javascript:alert(1)")]
#[case("data:text/plain,x")]
#[case("//example.com/")]
#[case("example.com/hooks")]
// Loopback in every spelling.
#[case("https://127.0.0.1/")]
#[case("https://127.1/")]
#[case("https://127.0.1/")]
#[case("https://127.0.0.1./")]
#[case("https://2130706433/")]
#[case("https://0x7f000001/")]
#[case("https://0x7f.1/")]
#[case("https://0177.0.0.1/")]
#[case("https://017700000001/")]
#[case("https://１２７.0.0.1/")]
#[case("https://127。0。0。1/")]
#[case("https://%31%32%37.0.0.1/")]
#[case("https:\\\\127.0.0.1\\")]
#[case("https:127.0.0.1")]
#[case("https://0/")]
#[case("https://0.0.0.0/")]
#[case("https://[::1]/")]
#[case("https://[0:0:0:0:0:0:0:1]/")]
#[case("https://[::]/")]
#[case("https://[::ffff:127.0.0.1]/")]
#[case("https://[::ffff:7f00:1]/")]
#[case("https://[::127.0.0.1]/")]
#[case("https://localhost/")]
#[case("https://LOCALHOST:8443/")]
#[case("https://localhost./")]
#[case("https://db.localhost/")]
#[case("https://ｌocalhost/")]
// Inside of somebody's network.
#[case("https://10.0.0.1/")]
#[case("https://167772161/")]
#[case("https://012.0.0.1/")]
#[case("https://192.168.0.1:8443/")]
#[case("https://172.16.0.1/")]
#[case("https://169.254.169.254/latest/meta-data/")]
#[case("https://0xa9fea9fe/")]
#[case("https://2852039166/")]
#[case("https://100.64.0.1/")]
#[case("https://198.18.0.1/")]
#[case("https://224.0.0.1/")]
#[case("https://255.255.255.255/")]
#[case("https://[fe80::1]/")]
#[case("https://[fd00::1]/")]
#[case("https://[fec0::1]/")]
#[case("https://[ff02::1]/")]
#[case("https://[64:ff9b::a00:1]/")]
#[case("https://[2002:a00:1::]/")]
#[case("https://[2001:0:a00:1::]/")]
#[case("https://[2001:db8::1]/")]
// Parts that a receiver's URL has no use for.
#[case("https://user@example.com/")]
#[case("https://user:secret@example.com/")]
#[case("https://example.com:secret@127.0.0.1/")]
#[case("https://:@127.0.0.1/")]
#[case("https://example.com/#top")]
#[case("https://example.com:0/")]
#[case("https://example.com:65536/")]
#[case("https://exa mple.com/")]
#[case("https://exam\tple.com/")]
#[case("https://[fe80::1%25eth0]/")]
#[case("https://256.0.0.1/")]
#[case("https://1.2.3.4.5/")]
#[case("https:///")]
#[case("https://./")]
#[case("https://")]
#[case("")]
fn any_other_is_refused(#[case] raw: &str) {
    let refused = WebhookUrl::parse(raw, &Reach::default());

    assert!(refused.is_err(), "{refused:?}");
}

#[rstest]
#[case("http://localhost:3000/hooks", true)]
#[case("http://127.0.0.1:3000/hooks", true)]
#[case("http://[::1]:3000/hooks", true)]
#[case("https://localhost/hooks", true)]
#[case("http://example.com/hooks", false)]
#[case("http://10.0.0.1/hooks", false)]
#[case("https://10.0.0.1/hooks", false)]
#[case("http://0.0.0.0/hooks", false)]
fn a_developer_may_use_their_own_machine(#[case] raw: &str, #[case] is_taken: bool) {
    let read = WebhookUrl::parse(raw, &home());

    assert_eq!(read.is_ok(), is_taken, "{read:?}");
}

#[rstest]
#[case("http://10.1.2.3/hooks", true)]
#[case("http://[::ffff:10.1.2.3]/hooks", true)]
#[case("http://example.com/hooks", true)]
#[case("http://10.2.0.1/hooks", false)]
#[case("http://localhost/hooks", false)]
fn a_deployment_may_open_its_own_network(#[case] raw: &str, #[case] is_taken: bool) {
    let read = WebhookUrl::parse(raw, &inside());

    assert_eq!(read.is_ok(), is_taken, "{read:?}");
}

#[test]
fn a_url_is_of_limited_length_however_it_is_spelt() {
    let fits = format!("https://example.com/{}", "a".repeat(1_980));
    let too_long = format!("{fits}a");
    let too_long_once_spelt = format!("https://example.com/{}", "ä".repeat(400));

    assert!(WebhookUrl::parse(&fits, &Reach::default()).is_ok());
    assert!(WebhookUrl::parse(&too_long, &Reach::default()).is_err());
    assert!(WebhookUrl::parse(&too_long_once_spelt, &Reach::default()).is_err());
}
