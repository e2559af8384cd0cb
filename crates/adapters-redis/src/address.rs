//! Where Redis is, and who may say that it is there.

use std::{fs, path::Path};

use redis::{Client, TlsCertificates};

use crate::pool::InvalidRedisUrl;

/// What connects to the address: by TLS where it is `rediss://`, and then only to whom the authorities vouch for, or those of the
/// system if there is no such file. Authorities without TLS are a mistake.
pub(crate) fn client_of(url: &str, authorities: Option<&Path>) -> Result<Client, InvalidRedisUrl> {
    let client = match authorities {
        None => Client::open(url),
        Some(file) => {
            let read = fs::read(file);
            let read = read.map_err(|error| InvalidRedisUrl::for_want_of(file, &error))?;
            let trusted = TlsCertificates {
                client_tls: None,
                root_cert: Some(read),
            };
            Client::build_with_tls(url, trusted)
        }
    };
    client.map_err(|error| InvalidRedisUrl::because(&error))
}
