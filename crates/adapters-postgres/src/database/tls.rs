//! TLS to the database.

use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::OpenError;

/// What connects with TLS, where the configuration wants it.
pub(super) fn connector_for(config: &Config) -> Result<Option<MakeRustlsConnect>, OpenError> {
    if config.get_ssl_mode() == SslMode::Disable {
        return Ok(None);
    }
    match MakeRustlsConnect::with_native_certs() {
        Ok((connector, _unreadable)) => Ok(Some(connector)),
        Err(_unreadable) => Err(OpenError::Certificates),
    }
}
