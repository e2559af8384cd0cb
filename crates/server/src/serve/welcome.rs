//! What somebody at the terminal can do next.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
};

use crate::embedded::Welcome;

/// Prints it, ready to paste.
pub(super) fn print(welcome: &Welcome, address: SocketAddr) {
    let text = text(welcome, address);
    let mut out = io::stdout().lock();
    // Somebody who does not read has nothing to be told.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

fn text(welcome: &Welcome, address: SocketAddr) -> String {
    let host = match address.ip() {
        ip if ip.is_unspecified() || ip.is_loopback() => "localhost".to_owned(),
        ip => SocketAddr::new(ip, 0)
            .to_string()
            .trim_end_matches(":0")
            .to_owned(),
    };
    let url = format!("http://{host}:{}", address.port());
    let file = welcome.key_file.display();
    let Some(key) = &welcome.key else {
        return format!(
            "\n  Tallystick is at {url} (documentation: {url}/docs).\n  \
             {file} holds no key of this database; make one:\n\n    \
             tallystick keys create --scope '*'\n"
        );
    };
    let key = key.expose();
    format!(
        "\n  Tallystick is at {url} (documentation: {url}/docs).\n  \
         Its first API key is in {file}. Try:\n\n    \
         curl -H 'Authorization: Bearer {key}' {url}/api/v1/organization\n\n    \
         curl -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\\n      \
         -d '{{\"customer\": {{\"name\": \"Ada Lovelace\"}}, \"items\": [{{\"description\": \"Analysis\", \
         \"quantity\": 10, \"unit_price_minor\": 15000, \"tax_rate_bps\": 1600}}]}}' \\\n      \
         {url}/api/v1/invoices\n"
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use domain::platform::ApiKeySecret;
    use rstest::rstest;

    use super::*;

    const KEY: &str = "tsk_0123456789ABCDEFGHIJKLMNOPQRSTUV";

    fn welcome(key: Option<&str>) -> Welcome {
        Welcome {
            key_file: PathBuf::from(".tallystick/api-key"),
            key: key.map(|raw| ApiKeySecret::parse(raw).unwrap()),
        }
    }

    #[rstest]
    #[case("0.0.0.0:8080", "http://localhost:8080/")]
    #[case("[::]:8080", "http://localhost:8080/")]
    #[case("192.0.2.1:80", "http://192.0.2.1:80/")]
    #[case("[2001:db8::1]:80", "http://[2001:db8::1]:80/")]
    fn the_lines_can_be_pasted_as_they_are(#[case] address: &str, #[case] url: &str) {
        let text = text(&welcome(Some(KEY)), address.parse().unwrap());

        assert!(text.contains(&format!(
            "'Authorization: Bearer {KEY}' {url}api/v1/organization"
        )));
    }

    #[test]
    fn without_a_known_key_the_command_that_makes_one_is_shown() {
        let text = text(&welcome(None), "127.0.0.1:8080".parse().unwrap());

        assert!(text.contains("tallystick keys create"));
        assert!(!text.contains("curl"));
    }
}
