//! Contexts over stand-ins.

use std::sync::Arc;

use api_shared::{
    ledger::LedgerQueries,
    payments::{PaymentReads, PaymentUseCases},
    vouchers::{VoucherPorts, VoucherUseCases},
};
use app::{
    ports::{
        Clock, IdGenerator, MockAccountQueries, MockCustomerQueries, MockEntryQueries,
        MockHoldQueries, MockInvariantQueries, MockIssueJobQueries, MockPaymentDeadLetterQueries,
        MockPaymentProvider, MockPaymentQueries, MockTransferQueries, MockTrialBalanceQueries,
        MockVoucherBlockQueries, MockVoucherCodeGenerator, MockVoucherExport, MockVoucherQueries,
        MockVoucherStatsQueries, MockWebhookQueries, MockWebhookSecretGenerator, NoticeReaders,
        PaymentProvider, Providers,
    },
    testing::{FakeGuessLimiter, FakeSeal},
};
use domain::{
    payments::ProviderName,
    vouchers::VoucherCode,
    webhooks::{Reach, WebhookSecret},
};

use crate::{
    provider_notices::NoticeUseCases,
    webhooks::{WebhookPorts, WebhookUseCases},
};

/// Webhooks whose secrets are always the same.
pub(super) fn webhooks(clock: &Arc<dyn Clock>, ids: &Arc<dyn IdGenerator>) -> WebhookUseCases {
    let mut secrets = MockWebhookSecretGenerator::new();
    let secret = || WebhookSecret::from_bytes([7; WebhookSecret::BYTES]);
    secrets.expect_new_webhook_secret().returning(secret);
    let ports = WebhookPorts {
        queries: Arc::new(MockWebhookQueries::new()),
        secrets: Arc::new(secrets),
        seal: Arc::new(FakeSeal),
        reach: Reach::default(),
    };
    WebhookUseCases::new(ports, clock, ids)
}

/// Payments, through a provider that takes everything on.
pub(super) fn payments(clock: &Arc<dyn Clock>, ids: &Arc<dyn IdGenerator>) -> PaymentUseCases {
    let mut provider = MockPaymentProvider::new();
    let name = ProviderName::parse("simulator").expect("a name");
    provider.expect_name().return_const(name);
    provider.expect_check().returning(|_| Ok(()));
    let provider: Arc<dyn PaymentProvider> = Arc::new(provider);
    let reads = PaymentReads {
        payments: Arc::new(MockPaymentQueries::new()),
        dead_letters: Arc::new(MockPaymentDeadLetterQueries::new()),
    };
    PaymentUseCases::new(reads, Providers::new([provider]), clock, ids)
}

/// Vouchers that nobody has, with codes that are always the same.
pub(super) fn vouchers(clock: &Arc<dyn Clock>, ids: &Arc<dyn IdGenerator>) -> VoucherUseCases {
    let mut codes = MockVoucherCodeGenerator::new();
    let code = || VoucherCode::parse("MADE-UP").expect("a code");
    codes.expect_new_voucher_code().returning(code);
    let ports = VoucherPorts {
        queries: Arc::new(MockVoucherQueries::new()),
        blocks: Arc::new(MockVoucherBlockQueries::new()),
        stats: Arc::new(MockVoucherStatsQueries::new()),
        customers: Arc::new(MockCustomerQueries::new()),
        export: Arc::new(MockVoucherExport::new()),
        jobs: Arc::new(MockIssueJobQueries::new()),
        codes: Arc::new(codes),
        guesses: Arc::<FakeGuessLimiter>::default(),
    };
    VoucherUseCases::new(ports, clock, ids)
}

/// Nobody sends notices.
pub(super) fn notices(clock: &Arc<dyn Clock>) -> NoticeUseCases {
    NoticeUseCases::new(NoticeReaders::default(), clock)
}

/// A ledger that nobody looks at.
pub(super) fn untouched_ledger() -> LedgerQueries {
    LedgerQueries {
        accounts: Arc::new(MockAccountQueries::new()),
        entries: Arc::new(MockEntryQueries::new()),
        holds: Arc::new(MockHoldQueries::new()),
        transfers: Arc::new(MockTransferQueries::new()),
        trial_balances: Arc::new(MockTrialBalanceQueries::new()),
        invariants: Arc::new(MockInvariantQueries::new()),
    }
}
