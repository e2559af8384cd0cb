//! What the tests of a test binary share.

use tokio::sync::OnceCell;

use crate::{
    client::Client,
    database::Database,
    service::{Service, Setup},
    tenant::Tenant,
};

static STAGE: OnceCell<Stage> = OnceCell::const_new();

/// One service on one database, for tests that need nothing special.
#[derive(Debug)]
pub struct Stage {
    /// The service.
    pub service: Service,
}

impl Stage {
    /// The stage; made on the first call.
    pub async fn shared() -> &'static Self {
        let make = async || {
            let database = Database::fresh().await;
            Self {
                service: Setup::on(&database).start().await,
            }
        };
        STAGE.get_or_init(make).await
    }

    /// A client for a new organization on the stage.
    pub async fn client() -> Client {
        let stage = Self::shared().await;
        stage.tenant().await.at(&stage.service)
    }

    /// A new organization.
    pub async fn tenant(&self) -> Tenant {
        Tenant::on(self.service.database()).await
    }
}
