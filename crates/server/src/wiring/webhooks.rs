//! Sending webhooks over the core.

use std::{sync::Arc, time::Duration};

use adapters_local::{KeyedSecretSeal, OsDice};
use adapters_postgres::{PgEventLog, PgWebhookLanes, PgWebhookQueries};
use adapters_webhooks::HttpWebhookSender;
use anyhow::Context as _;
use app::{
    ports::WebhookLanes,
    webhooks::{Courier, CourierLimits, CourierParts, WebhookFanOut, WebhookReplayer},
};
use domain::webhooks::{Network, Reach};
use tokio::sync::Notify;

use super::{Core, personal_data::personal_data_key};
use crate::config::Settings;

/// How often to look for what other processes have made due.
const POLL_EVERY: Duration = Duration::from_millis(200);

/// What the role `webhooks` consists of.
pub(crate) struct Webhooks {
    /// From events to deliveries.
    pub(crate) fan_out: Arc<WebhookFanOut>,
    /// From deliveries to their endpoints.
    pub(crate) courier: Arc<Courier>,
    /// From events of the past to deliveries.
    pub(crate) replayer: WebhookReplayer,
    /// What is due, and what is old.
    pub(crate) lanes: Arc<dyn WebhookLanes>,
}

/// Builds it. The database must be there.
pub(crate) async fn webhooks(core: &Core, settings: &Settings) -> anyhow::Result<Webhooks> {
    let key = personal_data_key(&core.database, settings).await?;
    let lanes: Arc<dyn WebhookLanes> = Arc::new(PgWebhookLanes::new(core.database.clone()));
    let news = Arc::new(Notify::new());
    let parts = CourierParts {
        lanes: lanes.clone(),
        sender: Arc::new(HttpWebhookSender::new(reach(settings)?)?),
        seal: Arc::new(KeyedSecretSeal::new(&key)),
        bus: core.bus.clone(),
        clock: core.clock.clone(),
        ids: core.ids.clone(),
        dice: Arc::new(OsDice),
        news: news.clone(),
    };
    let limits = CourierLimits {
        well_max: settings.webhooks.endpoints_max,
        ailing_max: settings.webhooks.failing_endpoints_max,
        per_endpoint: settings.webhooks.per_endpoint,
        poll_every: POLL_EVERY,
    };
    let queries = Arc::new(PgWebhookQueries::new(core.database.clone()));
    let fan_out = WebhookFanOut::new(
        core.bus.clone(),
        queries.clone(),
        (core.clock.clone(), core.ids.clone()),
        news,
    );
    let replayer = WebhookReplayer {
        bus: core.bus.clone(),
        log: Arc::new(PgEventLog::new(core.database.clone())),
        webhooks: queries,
        clock: core.clock.clone(),
        ids: core.ids.clone(),
    };
    Ok(Webhooks {
        replayer,
        fan_out: Arc::new(fan_out),
        courier: Arc::new(Courier::new(parts, limits)),
        lanes,
    })
}

/// How far webhooks may reach. Whoever develops has their receiver on their own machine.
pub(super) fn reach(settings: &Settings) -> anyhow::Result<Reach> {
    let networks = settings.webhooks.allowed_networks.iter();
    let networks: Result<Vec<_>, _> = networks.map(|raw| Network::parse(raw.trim())).collect();
    Ok(Reach {
        plain_http: settings.webhooks.allow_http,
        loopback: settings.is_embedded(),
        networks: networks.context("TALLYSTICK_WEBHOOKS__ALLOWED_NETWORKS")?,
    })
}
