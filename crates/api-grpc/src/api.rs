//! What the API is built from.

use std::{sync::Arc, time::Duration};

use api_shared::{
    cursor::CursorKey, doorkeeper::Doorkeeper, events::EventUseCases, invoicing::InvoicingUseCases,
    ledger::LedgerUseCases, payments::PaymentUseCases, seal::Seal, trusted_proxies::TrustedProxies,
    vouchers::VoucherUseCases, wallets::WalletUseCases,
};
use app::{
    platform::Authenticator,
    ports::{IdGenerator, RateLimiter},
    transaction::CommandBus,
};

use tokio_util::sync::CancellationToken;

use crate::health::Readiness;

/// Everything that calls need. Built once per process.
pub struct GrpcApi {
    pub(crate) settings: GrpcSettings,
    pub(crate) seal: Seal,
    pub(crate) bus: CommandBus,
    pub(crate) doorkeeper: Doorkeeper,
    pub(crate) ids: Arc<dyn IdGenerator>,
    pub(crate) readiness: Arc<dyn Readiness>,
    pub(crate) invoicing: InvoicingUseCases,
    pub(crate) ledger: LedgerUseCases,
    pub(crate) payments: PaymentUseCases,
    pub(crate) vouchers: VoucherUseCases,
    pub(crate) wallets: WalletUseCases,
    pub(crate) events: EventUseCases,
    /// Ends what would go on for as long as its client likes.
    pub(crate) closing: CancellationToken,
}

/// How calls are dealt with.
#[derive(Debug, Clone)]
pub struct GrpcSettings {
    /// How long a call may take, whatever its client allows.
    pub call_max: Duration,
    /// What cursors are signed with: the same as REST's, so that they can go from one API to the other.
    pub cursor_key: CursorKey,
    /// What requests are fingerprinted with.
    pub seal_key: CursorKey,
    /// Whose `x-forwarded-for` is believed.
    pub trusted_proxies: TrustedProxies,
}

impl GrpcSettings {
    /// The usual limits: 30 seconds for a call; no proxies.
    pub fn new(cursor_key: CursorKey) -> Self {
        Self {
            call_max: Duration::from_secs(30),
            seal_key: cursor_key.clone(),
            cursor_key,
            trusted_proxies: TrustedProxies::default(),
        }
    }
}

/// What a [`GrpcApi`] is built from.
pub struct Parts {
    /// How calls are dealt with.
    pub settings: GrpcSettings,
    /// Runs commands.
    pub bus: CommandBus,
    /// Tells who calls.
    pub authenticator: Arc<dyn Authenticator>,
    /// Counts calls: the same limiter as REST's, so that a key has one limit.
    pub rate_limiter: Arc<dyn RateLimiter>,
    /// Makes the ids of calls.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells whether calls may come.
    pub readiness: Arc<dyn Readiness>,
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
}

impl GrpcApi {
    /// Puts it together.
    pub fn new(parts: Parts) -> Arc<Self> {
        let doorkeeper = Doorkeeper::new(parts.authenticator, parts.rate_limiter, Arc::default());
        Arc::new(Self {
            seal: Seal::of(&parts.settings.seal_key),
            settings: parts.settings,
            bus: parts.bus,
            doorkeeper,
            ids: parts.ids,
            readiness: parts.readiness,
            invoicing: parts.invoicing,
            ledger: parts.ledger,
            payments: parts.payments,
            vouchers: parts.vouchers,
            wallets: parts.wallets,
            events: parts.events,
            closing: CancellationToken::new(),
        })
    }
}
