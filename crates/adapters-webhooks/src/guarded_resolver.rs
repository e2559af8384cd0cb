//! Looks names up, and lets nobody connect to what is out of reach.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;
use domain::webhooks::Reach;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Tells where a name leads at this moment.
#[async_trait]
pub trait LookUp: Send + Sync {
    /// All addresses of a name.
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// Asks the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookUp;

#[async_trait]
impl LookUp for SystemLookUp {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// The name leads to an address that nothing is sent to.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to {0}, which nothing is sent to")]
pub(crate) struct AddressRefused(IpAddr);

/// Gives a connection its addresses: exactly those that were checked, so a later answer for the name changes nothing.
pub(crate) struct GuardedResolver {
    look_up: Arc<dyn LookUp>,
    reach: Arc<Reach>,
}

impl GuardedResolver {
    pub(crate) fn new(look_up: Arc<dyn LookUp>, reach: Arc<Reach>) -> Self {
        Self { look_up, reach }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (look_up, reach) = (Arc::clone(&self.look_up), Arc::clone(&self.reach));
        Box::pin(async move {
            let addresses = look_up.look_up(name.as_str()).await?;
            // One that is out of reach makes the name suspect: nothing is sent to any of them.
            if let Some(refused) = addresses.iter().find(|it| !reach.allows(**it)) {
                return Err(AddressRefused(*refused).into());
            }
            // The port is that of the URL.
            let addresses = addresses.into_iter().map(|it| SocketAddr::new(it, 0));
            let addresses: Addrs = Box::new(addresses);
            Ok(addresses)
        })
    }
}
