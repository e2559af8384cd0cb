//! TLS to the database, and what its URL says of it in those of libpq's words that the driver does not know.

use std::path::{Path, PathBuf};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::OpenError;

/// What a URL says.
pub(super) struct Address {
    /// All that the driver reads.
    pub(super) config: Config,
    /// Whose certificates are trusted, if it is not for the system to say: `sslrootcert`.
    authorities: Option<PathBuf>,
}

impl Address {
    /// Reads `postgres://…`, or a list of `key=value`.
    pub(super) fn read(url: &str) -> Result<Self, OpenError> {
        let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
        let (place, params, between) = match url.split_once('?') {
            Some((place, params)) if is_url => (Some(place), params, "&"),
            None if is_url => (Some(url), "", "&"),
            _ => (None, url, " "),
        };
        let (mut kept, mut authorities) = (Vec::new(), None);
        for param in params.split(between).filter(|it| !it.is_empty()) {
            match param.split_once('=') {
                // The name is always checked.
                Some(("sslmode", "verify-full")) => kept.push("sslmode=require"),
                Some(("sslmode", "verify-ca")) => return Err(OpenError::UncheckedName),
                Some(("sslrootcert", "system")) => {}
                Some(("sslrootcert", file)) if is_url => authorities = Some(decoded(file)),
                Some(("sslrootcert", file)) => authorities = Some(file.to_owned()),
                _ => kept.push(param),
            }
        }
        let kept = kept.join(between);
        let readable = match place {
            Some(place) if kept.is_empty() => place.to_owned(),
            Some(place) => format!("{place}?{kept}"),
            None => kept,
        };
        Ok(Self {
            config: readable.parse().map_err(OpenError::Url)?,
            authorities: authorities.map(PathBuf::from),
        })
    }

    /// Whether somebody cares for whom it is that is spoken to.
    pub(super) const fn names_authorities(&self) -> bool {
        self.authorities.is_some()
    }
}

/// A text with the `%2F` and the like of a URL resolved (RFC 3986); what is none of these is left as it is.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).map(|hex| u8::from_str_radix(hex, 16));
        if let (Some(Ok(byte)), Some(left)) = (byte, after.get(2..)) {
            bytes.push(byte);
            rest = left;
        } else {
            bytes.push(b'%');
            rest = after;
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What connects with TLS to the database of a URL, where the configuration that was made of it wants that.
pub(super) fn connector_for(
    config: &Config,
    url: &str,
) -> Result<Option<MakeRustlsConnect>, OpenError> {
    if config.get_ssl_mode() == SslMode::Disable {
        return Ok(None);
    }
    if let Some(file) = Address::read(url)?.authorities {
        let trusting = ClientConfig::builder().with_root_certificates(trusted(&file)?);
        let trusting = trusting.with_no_client_auth();
        return Ok(Some(MakeRustlsConnect::new(trusting)));
    }
    match MakeRustlsConnect::with_native_certs() {
        Ok((connector, _unreadable)) => Ok(Some(connector)),
        Err(_unreadable) => Err(OpenError::Certificates),
    }
}

fn trusted(file: &Path) -> Result<RootCertStore, OpenError> {
    let unusable = |reason: String| OpenError::Authorities {
        file: file.to_owned(),
        reason,
    };
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let read = read.map_err(|error| unusable(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    let (usable, _others) = roots.add_parsable_certificates(read);
    if usable == 0 {
        return Err(unusable("there is no certificate in it".to_owned()));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::url(
        "postgres://u:p@db/x?sslmode=verify-full&sslrootcert=/etc/my%20ca.pem&application_name=y",
        "postgres://u:p@db/x?sslmode=require&application_name=y",
        Some("/etc/my ca.pem")
    )]
    #[case::words(
        "host=db user=u sslrootcert=/ca.pem sslmode=verify-full",
        "host=db user=u sslmode=require",
        Some("/ca.pem")
    )]
    #[case::nothing_to_read("postgres://u@db/x", "postgres://u@db/x", None)]
    #[case::the_systems_own("postgres://u@db/x?sslrootcert=system", "postgres://u@db/x", None)]
    #[case::no_code("postgres://u@db/x?sslrootcert=50%", "postgres://u@db/x", Some("50%"))]
    fn libpqs_words_are_understood(
        #[case] url: &str,
        #[case] driver: &str,
        #[case] authorities: Option<&str>,
    ) {
        let address = Address::read(url).unwrap();

        assert_eq!(address.config, driver.parse().unwrap());
        assert_eq!(address.authorities, authorities.map(PathBuf::from));
    }

    #[rstest]
    #[case::any_name("postgres://u@db/x?sslmode=verify-ca", "verify-full")]
    #[case::no_such_mode("postgres://u@db/x?sslmode=allow", "not valid")]
    fn what_would_look_safe_and_not_be_is_refused(#[case] url: &str, #[case] told: &str) {
        let refused = Address::read(url).err().unwrap().to_string();

        assert!(refused.contains(told), "{refused}");
    }

    #[rstest]
    #[case::missing(None, "cannot be read")]
    #[case::empty(Some("# nobody\n"), "no certificate")]
    #[case::rubbish(
        Some("-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n"),
        "no certificate"
    )]
    fn authorities_that_are_none_are_refused(#[case] text: Option<&str>, #[case] told: &str) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        if let Some(text) = text {
            std::fs::write(&file, text).unwrap();
        }

        let refused = trusted(&file).unwrap_err().to_string();

        assert!(
            refused.contains(told) && refused.contains("ca.pem"),
            "{refused}"
        );
    }
}
