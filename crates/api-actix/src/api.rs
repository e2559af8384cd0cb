//! What the API is built from.

use std::{sync::Arc, time::Duration};

use api_shared::{
    cursor::CursorKey,
    doorkeeper::{Doorkeeper, KnownKeys},
    events::EventUseCases,
    invoicing::InvoicingUseCases,
    ledger::LedgerUseCases,
    payments::PaymentUseCases,
    seal::Seal,
    trusted_proxies::TrustedProxies,
    vouchers::VoucherUseCases,
    wallets::WalletUseCases,
};
use app::{
    platform::Authenticator,
    ports::{IdGenerator, RateLimiter},
    transaction::CommandBus,
};

use crate::{
    customers::CustomerUseCases,
    gate::AllowedOrigins,
    health::HealthReporter,
    platform::PlatformUseCases,
    provider_notices::NoticeUseCases,
    surface::{Surface, surface},
    webhooks::WebhookUseCases,
};

/// Everything that endpoints need. Built once per process and shared by all its workers.
pub struct Api {
    pub(crate) surface: &'static Surface,
    pub(crate) settings: HttpSettings,
    pub(crate) seal: Seal,
    pub(crate) bus: CommandBus,
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) rate_limiter: Arc<dyn RateLimiter>,
    pub(crate) known_keys: Arc<KnownKeys>,
    /// Knows the addresses that have sent too many notices that were not authentic.
    pub(crate) notice_door: Doorkeeper,
    pub(crate) ids: Arc<dyn IdGenerator>,
    pub(crate) health: Arc<dyn HealthReporter>,
    pub(crate) platform: PlatformUseCases,
    pub(crate) customers: CustomerUseCases,
    pub(crate) invoicing: InvoicingUseCases,
    pub(crate) ledger: LedgerUseCases,
    pub(crate) payments: PaymentUseCases,
    pub(crate) vouchers: VoucherUseCases,
    pub(crate) wallets: WalletUseCases,
    pub(crate) events: EventUseCases,
    pub(crate) webhooks: WebhookUseCases,
    pub(crate) notices: NoticeUseCases,
}

/// How requests are dealt with.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// How long an endpoint may take.
    pub request_max: Duration,
    /// How long a body may take to arrive.
    pub body_read_max: Duration,
    /// What cursors are signed with; the same for all instances of a deployment.
    pub cursor_key: CursorKey,
    /// What stored answers are sealed with, and requests fingerprinted: best not kept where the answers are.
    pub seal_key: CursorKey,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Which pages may call from a browser.
    pub allowed_origins: AllowedOrigins,
}

impl HttpSettings {
    /// The usual limits: 30 seconds for an answer, 10 for a body; no proxies, no other origins.
    pub fn new(cursor_key: CursorKey) -> Self {
        Self {
            seal_key: cursor_key.clone(),
            request_max: Duration::from_secs(30),
            body_read_max: Duration::from_secs(10),
            cursor_key,
            trusted_proxies: TrustedProxies::default(),
            allowed_origins: AllowedOrigins::default(),
        }
    }
}

/// What an [`Api`] is built from.
pub struct Parts {
    /// How requests are dealt with.
    pub settings: HttpSettings,
    /// Runs commands.
    pub bus: CommandBus,
    /// Tells who calls.
    pub authenticator: Arc<dyn Authenticator>,
    /// Counts requests.
    pub rate_limiter: Arc<dyn RateLimiter>,
    /// Makes the ids of requests.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells how the service is.
    pub health: Arc<dyn HealthReporter>,
    /// Organizations and keys.
    pub platform: PlatformUseCases,
    /// Customers.
    pub customers: CustomerUseCases,
    /// Invoices.
    pub invoicing: InvoicingUseCases,
    /// The ledger.
    pub ledger: LedgerUseCases,
    /// Payments.
    pub payments: PaymentUseCases,
    /// Vouchers.
    pub vouchers: VoucherUseCases,
    /// Users and their wallets.
    pub wallets: WalletUseCases,
    /// Events.
    pub events: EventUseCases,
    /// Webhooks.
    pub webhooks: WebhookUseCases,
    /// Notices of payment providers.
    pub notices: NoticeUseCases,
}

impl Api {
    /// Puts it together.
    pub fn new(parts: Parts) -> Arc<Self> {
        let notice_door = Doorkeeper::new(
            Arc::clone(&parts.authenticator),
            Arc::clone(&parts.rate_limiter),
            Arc::default(),
        );
        Arc::new(Self {
            surface: surface(),
            notice_door,
            seal: Seal::of(&parts.settings.seal_key),
            settings: parts.settings,
            bus: parts.bus,
            authenticator: parts.authenticator,
            rate_limiter: parts.rate_limiter,
            known_keys: Arc::default(),
            ids: parts.ids,
            health: parts.health,
            platform: parts.platform,
            customers: parts.customers,
            invoicing: parts.invoicing,
            ledger: parts.ledger,
            payments: parts.payments,
            vouchers: parts.vouchers,
            wallets: parts.wallets,
            events: parts.events,
            webhooks: parts.webhooks,
            notices: parts.notices,
        })
    }
}
