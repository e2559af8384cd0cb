//! The APIs over the core.

use std::sync::Arc;

use adapters_local::{KeyedSeal, KeyedSecretSeal, OsSecrets};
use adapters_postgres::{
    PgAccountQueries, PgCustomerQueries, PgEntryQueries, PgEventLog, PgHoldQueries,
    PgInvariantQueries, PgIssueJobQueries, PgNumberRegisterQueries, PgPaymentDeadLetterQueries,
    PgPaymentQueries, PgServiceSecrets, PgTransferQueries, PgTrialBalanceQueries, PgVoucherExport,
    PgVoucherQueries, PgVoucherStatsQueries, PgWebhookQueries,
};
use api_actix::{
    AllowedOrigins, Api, HttpSettings, Parts,
    customers::CustomerUseCases,
    platform::PlatformUseCases,
    provider_notices::NoticeUseCases,
    webhooks::{WebhookPorts, WebhookUseCases},
};
use api_grpc::{GrpcApi, GrpcSettings};
use api_shared::{
    cursor::CursorKey,
    events::EventUseCases,
    invoicing::InvoicingUseCases,
    ledger::{LedgerQueries, LedgerUseCases},
    payments::{PaymentReads, PaymentUseCases},
    trusted_proxies::TrustedProxies,
    vouchers::{VoucherPorts, VoucherUseCases},
    wallets::{WalletPorts, WalletUseCases},
};
use app::{
    ledger::PostingEngine,
    platform::{
        CreateApiKeyHandler, KeyAuthenticator, ReviseOrganizationHandler, RevokeApiKeyHandler,
    },
};

use super::{Core, personal_data::personal_data_key, webhooks::reach};
use crate::{config::Settings, health::Health};

/// What the secret is called that cursors are signed with. All instances on a database share it.
const CURSOR_SECRET: &str = "cursor";

/// What answers requests.
pub(crate) struct Apis {
    /// REST.
    pub(crate) http: Arc<Api>,
    /// gRPC.
    pub(crate) grpc: Arc<GrpcApi>,
}

/// Builds them over the same use cases, limits and keys. The database must be there.
pub(crate) async fn apis(
    core: &Core,
    settings: &Settings,
    health: Arc<Health>,
    engine: PostingEngine,
) -> anyhow::Result<Apis> {
    let keys = Arc::new(KeyAuthenticator::new(
        core.api_keys.clone(),
        core.clock.clone(),
    ));
    let http = http_settings(core, settings).await?;
    let (invoicing, ledger) = (invoicing(core), ledger(core, engine));
    let events = events(core);
    let payments = payments(core);
    let vouchers = vouchers(core);
    let wallets = wallets(core, settings).await?;
    let grpc = GrpcApi::new(api_grpc::Parts {
        settings: grpc_settings(&http),
        bus: core.bus.clone(),
        authenticator: keys.clone(),
        rate_limiter: core.rate_limiter.clone(),
        ids: core.ids.clone(),
        readiness: health.clone(),
        invoicing: invoicing.clone(),
        ledger: ledger.clone(),
        payments: payments.clone(),
        vouchers: vouchers.clone(),
        wallets: wallets.clone(),
        events: events.clone(),
    });
    let http = Api::new(Parts {
        settings: http,
        bus: core.bus.clone(),
        authenticator: keys,
        rate_limiter: core.rate_limiter.clone(),
        ids: core.ids.clone(),
        health,
        platform: platform(core),
        customers: customers(core),
        invoicing,
        ledger,
        payments,
        vouchers,
        wallets,
        events,
        webhooks: webhooks(core, settings).await?,
        notices: NoticeUseCases::new(core.notice_readers.clone(), &core.clock),
    });
    Ok(Apis { http, grpc })
}

/// What holds for REST holds for gRPC.
fn grpc_settings(http: &HttpSettings) -> GrpcSettings {
    GrpcSettings {
        call_max: http.request_max,
        cursor_key: http.cursor_key.clone(),
        seal_key: http.seal_key.clone(),
        trusted_proxies: http.trusted_proxies.clone(),
    }
}

async fn http_settings(core: &Core, settings: &Settings) -> anyhow::Result<HttpSettings> {
    let secrets = PgServiceSecrets::new(core.database.clone());
    let fresh = super::random_bytes()?;
    let secret = secrets.find_or_keep(CURSOR_SECRET, fresh).await?;
    let personal = personal_data_key(&core.database, settings).await?;
    let http = &settings.http;
    Ok(HttpSettings {
        seal_key: CursorKey::new(personal.derive_bytes(b"answers")),
        request_max: http.request_timeout,
        body_read_max: http.body_timeout,
        trusted_proxies: TrustedProxies::parse(http.trusted_proxies.iter().map(String::as_str))?,
        allowed_origins: AllowedOrigins::parse(http.cors_origins.iter().map(String::as_str))?,
        ..HttpSettings::new(CursorKey::new(secret))
    })
}

fn events(core: &Core) -> EventUseCases {
    EventUseCases {
        log: Arc::new(PgEventLog::new(core.database.clone())),
        bell: core.bells.log.clone(),
    }
}

fn platform(core: &Core) -> PlatformUseCases {
    let (clock, ids) = (|| core.clock.clone(), || core.ids.clone());
    PlatformUseCases {
        organizations: core.organizations.clone(),
        revise_organization: Arc::new(ReviseOrganizationHandler::new(clock(), ids())),
        api_keys: core.api_keys.clone(),
        create_api_key: Arc::new(CreateApiKeyHandler::new(
            clock(),
            ids(),
            core.secrets.clone(),
        )),
        revoke_api_key: Arc::new(RevokeApiKeyHandler::new(clock(), ids())),
    }
}

fn customers(core: &Core) -> CustomerUseCases {
    let queries = Arc::new(PgCustomerQueries::new(core.database.clone()));
    CustomerUseCases::new(queries, &core.clock, &core.ids)
}

fn invoicing(core: &Core) -> InvoicingUseCases {
    let register = Arc::new(PgNumberRegisterQueries::new(core.database.clone()));
    InvoicingUseCases::new(core.invoices.clone(), register, &core.clock, &core.ids)
}

fn ledger(core: &Core, engine: PostingEngine) -> LedgerUseCases {
    let database = || core.database.clone();
    let queries = LedgerQueries {
        accounts: Arc::new(PgAccountQueries::new(database())),
        entries: Arc::new(PgEntryQueries::new(database())),
        holds: Arc::new(PgHoldQueries::new(database())),
        transfers: Arc::new(PgTransferQueries::new(database())),
        trial_balances: Arc::new(PgTrialBalanceQueries::new(database())),
        invariants: Arc::new(PgInvariantQueries::new(database())),
    };
    LedgerUseCases::new(engine, queries, &core.clock, &core.ids)
}

fn payments(core: &Core) -> PaymentUseCases {
    let reads = PaymentReads {
        payments: Arc::new(PgPaymentQueries::new(core.database.clone())),
        dead_letters: Arc::new(PgPaymentDeadLetterQueries::new(core.database.clone())),
    };
    let providers = core.providers.clone();
    PaymentUseCases::new(reads, providers, &core.clock, &core.ids)
}

fn vouchers(core: &Core) -> VoucherUseCases {
    let ports = VoucherPorts {
        queries: Arc::new(PgVoucherQueries::new(core.database.clone())),
        blocks: Arc::new(PgVoucherQueries::new(core.database.clone())),
        stats: Arc::new(PgVoucherStatsQueries::new(core.database.clone())),
        customers: Arc::new(PgCustomerQueries::new(core.database.clone())),
        export: Arc::new(PgVoucherExport::new(core.database.clone())),
        jobs: Arc::new(PgIssueJobQueries::new(core.database.clone())),
        codes: Arc::new(OsSecrets),
        guesses: core.guess_limiter.clone(),
    };
    VoucherUseCases::new(ports, &core.clock, &core.ids)
}

async fn wallets(core: &Core, settings: &Settings) -> anyhow::Result<WalletUseCases> {
    let key = personal_data_key(&core.database, settings).await?;
    let ports = WalletPorts {
        users: core.users.clone(),
        accounts: Arc::new(PgAccountQueries::new(core.database.clone())),
        seal: Arc::new(KeyedSeal::new(&key)),
    };
    Ok(WalletUseCases::new(ports, &core.clock, &core.ids))
}

async fn webhooks(core: &Core, settings: &Settings) -> anyhow::Result<WebhookUseCases> {
    let key = personal_data_key(&core.database, settings).await?;
    let ports = WebhookPorts {
        queries: Arc::new(PgWebhookQueries::new(core.database.clone())),
        secrets: Arc::new(OsSecrets),
        seal: Arc::new(KeyedSecretSeal::new(&key)),
        reach: reach(settings)?,
    };
    Ok(WebhookUseCases::new(ports, &core.clock, &core.ids))
}
