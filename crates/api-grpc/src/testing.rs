//! The whole API over stand-ins, on a socket of its own, for tests.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use api_shared::{
    cursor::CursorKey,
    events::EventUseCases,
    invoicing::InvoicingUseCases,
    ledger::{LedgerQueries, LedgerUseCases},
    payments::{PaymentReads, PaymentUseCases},
    vouchers::{VoucherPorts, VoucherUseCases},
    wallets::{WalletPorts, WalletUseCases},
};
use app::{
    events::EventBell,
    ledger::{EngineParts, EngineSettings, PostingEngine},
    ports::{
        Clock, IdGenerator, LimitDecision, LimitSubject, MockAccountQueries, MockCustomerQueries,
        MockEntryQueries, MockEventLog, MockHoldQueries, MockInvariantQueries, MockInvoiceQueries,
        MockIssueJobQueries, MockNumberRegisterQueries, MockPaymentDeadLetterQueries,
        MockPaymentProvider, MockPaymentQueries, MockRateLimiter, MockTransferQueries,
        MockTrialBalanceQueries, MockUserQueries, MockVoucherBlockQueries,
        MockVoucherCodeGenerator, MockVoucherExport, MockVoucherQueries, MockVoucherStatsQueries,
        PaymentProvider, Providers,
    },
    testing::{
        FakeGuessLimiter, FakeSeal, FakeTransactor, FakeUnitOfWork, FixedClock, MemoryPostingStore,
        NOW, SequentialIds, key_secret, knowing, standing,
    },
    transaction::CommandBus,
};
use async_trait::async_trait;
use domain::payments::ProviderName;
use tokio::sync::oneshot;
use tonic::{Code, Request, Status, metadata::MetadataMap, transport::Channel};
use tonic_types::{ErrorInfo, StatusExt as _};

use crate::{GrpcApi, GrpcSettings, Parts, Readiness, serve};

/// What the API is made of. A stand-in on which nothing is expected panics when touched, which is an internal error.
pub(crate) struct Bench {
    uows: Vec<FakeUnitOfWork>,
    parts: Parts,
}

/// An API that answers, until it is dropped.
pub(crate) struct Served {
    pub(crate) channel: Channel,
    _end: oneshot::Sender<()>,
}

/// A decision that lets a call in.
pub(crate) fn allowed() -> LimitDecision {
    LimitDecision {
        is_allowed: true,
        burst: 2_000,
        per_second: 1_000,
        remaining: 1_999,
        reset_after: Duration::from_millis(1),
        retry_after: Duration::ZERO,
    }
}

/// A decision that keeps a call out.
pub(crate) fn refused() -> LimitDecision {
    LimitDecision {
        is_allowed: false,
        remaining: 0,
        reset_after: Duration::from_secs(2),
        retry_after: Duration::from_millis(1_500),
        ..allowed()
    }
}

/// Decides the same for each of a kind.
pub(crate) fn limiting(keys: LimitDecision, strangers: LimitDecision) -> Arc<MockRateLimiter> {
    let mut limiter = MockRateLimiter::new();
    limiter
        .expect_take()
        .returning(move |subject| match subject {
            LimitSubject::ApiKey(_) => keys,
            LimitSubject::Stranger(_) | LimitSubject::Visitor(_) => strangers,
        });
    Arc::new(limiter)
}

/// Is ready, or is not.
pub(crate) struct Fixed(pub(crate) bool);

#[async_trait]
impl Readiness for Fixed {
    async fn is_ready(&self) -> bool {
        self.0
    }
}

/// Vouchers that nobody asks for.
fn vouchers() -> VoucherPorts {
    VoucherPorts {
        queries: Arc::new(MockVoucherQueries::new()),
        blocks: Arc::new(MockVoucherBlockQueries::new()),
        customers: Arc::new(MockCustomerQueries::new()),
        export: Arc::new(MockVoucherExport::new()),
        jobs: Arc::new(MockIssueJobQueries::new()),
        stats: Arc::new(MockVoucherStatsQueries::new()),
        codes: Arc::new(MockVoucherCodeGenerator::new()),
        guesses: Arc::<FakeGuessLimiter>::default(),
    }
}

impl Bench {
    /// An API whose one key may do everything, with accounts 1 and 2 of 1,000 USD minor units each.
    pub(crate) fn new() -> Self {
        let ids: Arc<dyn IdGenerator> = Arc::new(SequentialIds::default());
        let clock: Arc<dyn Clock> = FixedClock::at(NOW);
        let invoicing = InvoicingUseCases::new(
            Arc::new(MockInvoiceQueries::new()),
            Arc::new(MockNumberRegisterQueries::new()),
            &clock,
            &ids,
        );
        let wallets = WalletPorts {
            users: Arc::new(MockUserQueries::new()),
            accounts: Arc::new(MockAccountQueries::new()),
            seal: Arc::new(FakeSeal),
        };
        let queries = LedgerQueries {
            accounts: Arc::new(MockAccountQueries::new()),
            entries: Arc::new(MockEntryQueries::new()),
            holds: Arc::new(MockHoldQueries::new()),
            transfers: Arc::new(MockTransferQueries::new()),
            trial_balances: Arc::new(MockTrialBalanceQueries::new()),
            invariants: Arc::new(MockInvariantQueries::new()),
        };
        let payments = PaymentReads {
            payments: Arc::new(MockPaymentQueries::new()),
            dead_letters: Arc::new(MockPaymentDeadLetterQueries::new()),
        };
        let (engine, running) = PostingEngine::start(
            EngineParts {
                store: MemoryPostingStore::with([standing(1, 1_000), standing(2, 1_000)]),
                clock: clock.clone(),
                ids: Arc::new(SequentialIds::default()),
            },
            EngineSettings::default(),
        );
        tokio::spawn(running);
        Self {
            uows: Vec::new(),
            parts: Parts {
                settings: GrpcSettings::new(CursorKey::new([7; 32])),
                bus: CommandBus::new(FakeTransactor::over_each([]).shared(), []),
                authenticator: knowing(&["*"]),
                rate_limiter: limiting(allowed(), allowed()),
                ids: ids.clone(),
                readiness: Arc::new(Fixed(true)),
                invoicing,
                ledger: LedgerUseCases::new(engine, queries, &clock, &ids),
                payments: PaymentUseCases::new(payments, simulator(), &clock, &ids),
                vouchers: VoucherUseCases::new(vouchers(), &clock, &ids),
                wallets: WalletUseCases::new(wallets, &clock, &ids),
                events: EventUseCases {
                    log: Arc::new(MockEventLog::new()),
                    bell: EventBell::default(),
                },
            },
        }
    }

    /// The same, running its next command over this.
    pub(crate) fn over(mut self, uow: FakeUnitOfWork) -> Self {
        self.uows.push(uow);
        self
    }

    /// The same, changed.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        change(&mut self.parts);
        self
    }

    /// Serves it.
    pub(crate) fn serve(mut self) -> Served {
        if !self.uows.is_empty() {
            let transactor = FakeTransactor::over_each(self.uows);
            self.parts.bus = CommandBus::new(transactor.shared(), []);
        }
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = socket.local_addr().unwrap();
        let (end, ended) = oneshot::channel();
        let ended = async {
            // Whether it was told, or nobody is there to tell.
            let _ = ended.await;
        };
        tokio::spawn(serve(GrpcApi::new(self.parts), socket, ended));
        Served {
            channel: channel(address),
            _end: end,
        }
    }
}

/// A provider that takes everything on.
fn simulator() -> Providers {
    let mut provider = MockPaymentProvider::new();
    let name = ProviderName::parse("simulator").unwrap();
    provider.expect_name().return_const(name);
    provider.expect_check().returning(|_| Ok(()));
    let provider: Arc<dyn PaymentProvider> = Arc::new(provider);
    Providers::new([provider])
}

fn channel(address: SocketAddr) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{address}")).unwrap();
    endpoint.connect_lazy()
}

/// A call with the known key.
pub(crate) fn known<M>(message: M) -> Request<M> {
    let secret = format!("Bearer {}", key_secret().expose());
    with(Request::new(message), "authorization", &secret)
}

/// A call with the known key, under an idempotency key.
pub(crate) fn keyed<M>(key: &str, message: M) -> Request<M> {
    with(known(message), "idempotency-key", key)
}

/// The same with metadata.
pub(crate) fn with<M>(mut request: Request<M>, name: &'static str, value: &str) -> Request<M> {
    let value = value.parse().unwrap();
    request.metadata_mut().insert(name, value);
    request
}

/// The code of a refusal, and its reason.
pub(crate) fn told(status: &Status) -> (Code, String) {
    let info = status.get_error_details().error_info().cloned();
    let info = info.unwrap_or_else(|| ErrorInfo::new("", "", HashMap::<String, String>::new()));
    assert_eq!(info.domain, "tallystick", "{status:?}");
    (status.code(), info.reason)
}

/// Something in the metadata; empty when it is not there.
pub(crate) fn metadata<'m>(metadata: &'m MetadataMap, name: &str) -> &'m str {
    let value = metadata.get(name).map(|value| value.to_str().unwrap());
    value.unwrap_or_default()
}

/// Where the violations of a refusal are, with their reasons.
pub(crate) fn violations(status: &Status) -> Vec<(String, String)> {
    let details = status.get_error_details();
    let listed = details.bad_request().map(|it| it.field_violations.clone());
    let pair = |it: tonic_types::FieldViolation| (it.field, it.reason);
    listed.unwrap_or_default().into_iter().map(pair).collect()
}
