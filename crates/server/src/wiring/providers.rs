//! Who moves money outside of the ledger.

use std::sync::Arc;

use adapters_postgres::{Database, PgSimulatorRecord};
use adapters_providers::{
    Paypal, PaypalNotices, PaypalOptions, Simulator, SimulatorTemper, Stripe, StripeNotices,
    StripeOptions,
};
use app::ports::{Clock, NoticeReader, NoticeReaders, PaymentProvider, Providers};

use crate::config::{ProviderSettings, Settings, SimulatorUse};

/// The providers that the settings name.
pub(super) fn providers(
    database: &Database,
    clock: &Arc<dyn Clock>,
    settings: &Settings,
) -> anyhow::Result<Providers> {
    let mut all: Vec<Arc<dyn PaymentProvider>> = Vec::new();
    if is_simulated(settings) {
        let record = Arc::new(PgSimulatorRecord::new(database.clone()));
        let temper = temper(settings);
        all.push(Arc::new(Simulator::new(record, clock.clone(), temper)?));
    }
    if let Some(options) = stripe(&settings.providers) {
        all.push(Arc::new(Stripe::new(options, clock.clone())?));
    }
    if let Some(options) = paypal(&settings.providers) {
        all.push(Arc::new(Paypal::new(options, clock.clone())?));
    }
    Ok(Providers::new(all))
}

/// Who reads their notices.
pub(super) fn notice_readers(
    clock: &Arc<dyn Clock>,
    settings: &ProviderSettings,
) -> anyhow::Result<NoticeReaders> {
    let mut all: Vec<Arc<dyn NoticeReader>> = Vec::new();
    if let Some(secret) = &settings.stripe.webhook_secret {
        let reader = StripeNotices::new(secret.clone(), clock.clone())?;
        all.push(Arc::new(reader));
    }
    if let (Some(options), Some(webhook)) = (paypal(settings), &settings.paypal.webhook_id) {
        let reader = PaypalNotices::new(options, webhook.clone(), clock.clone())?;
        all.push(Arc::new(reader));
    }
    Ok(NoticeReaders::new(all))
}

fn stripe(settings: &ProviderSettings) -> Option<StripeOptions> {
    let secret_key = settings.stripe.secret_key.clone()?;
    Some(StripeOptions {
        url: settings.stripe.url.clone(),
        secret_key,
        answer_max: settings.answer_timeout,
    })
}

fn paypal(settings: &ProviderSettings) -> Option<PaypalOptions> {
    let paypal = &settings.paypal;
    Some(PaypalOptions {
        url: paypal.url.clone(),
        client_id: paypal.client_id.clone()?,
        client_secret: paypal.client_secret.clone()?,
        answer_max: settings.answer_timeout,
    })
}

fn is_simulated(settings: &Settings) -> bool {
    match settings.providers.simulator.enabled {
        SimulatorUse::Auto => settings.is_embedded(),
        SimulatorUse::True => true,
        SimulatorUse::False => false,
    }
}

fn temper(settings: &Settings) -> SimulatorTemper {
    // Like a crash: no destructor runs, and nothing is put in order.
    let crash: fn() = || std::process::abort();
    SimulatorTemper {
        patience: settings.providers.answer_timeout,
        crash: settings.providers.simulator.crashes.then_some(crash),
    }
}
