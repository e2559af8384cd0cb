//! The whole application over stand-ins, for the tests of endpoints.

mod stand_ins;

use std::sync::Arc;

use actix_web::{
    body::to_bytes,
    http::{
        StatusCode,
        header::{HeaderMap, HeaderValue},
    },
    test::{TestRequest, init_service, try_call_service},
};
use api_shared::{
    cursor::CursorKey,
    events::EventUseCases,
    invoicing::InvoicingUseCases,
    ledger::LedgerUseCases,
    wallets::{WalletPorts, WalletUseCases},
};
use app::{
    events::EventBell,
    ledger::{EngineParts, EngineSettings, PostingEngine},
    platform::{CreateApiKeyHandler, ReviseOrganizationHandler, RevokeApiKeyHandler},
    ports::{
        Clock, IdGenerator, LimitDecision, LimitSubject, MockAccountQueries, MockApiKeyQueries,
        MockCustomerQueries, MockEventLog, MockInvoiceQueries, MockNumberRegisterQueries,
        MockOrganizationQueries, MockRateLimiter, MockSecretGenerator, MockUserQueries,
    },
    testing::{
        FakeSeal, FakeTransactor, FakeUnitOfWork, FixedClock, MemoryPostingStore, NOW,
        SequentialIds, key_secret, standing,
    },
    transaction::CommandBus,
};
use async_trait::async_trait;
use bytes::Bytes;
use domain::ledger::{AccountStatus, Standing};
use serde_json::Value;

use crate::{
    Api, HttpSettings, Parts, application,
    customers::CustomerUseCases,
    health::{HealthChecks, HealthReport, HealthReporter, HealthStatus},
    platform::PlatformUseCases,
};

pub(crate) use app::testing::{knowing, knowing_nothing};

/// What a client got.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

impl Got {
    /// The body as JSON; `null` when it is not.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// A header; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(HeaderValue::to_str);
        value.map(Result::unwrap).unwrap_or_default()
    }

    /// The status and the code of a problem document.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let code = self.json()["code"].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), code)
    }

    /// Where the faults of a problem document are, with their codes.
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let errors = self.json()["errors"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let place = |error: &Value| {
            let place = ["pointer", "parameter", "header"].map(|key| error[key].as_str());
            place.into_iter().flatten().collect()
        };
        let code = |error: &Value| error["code"].as_str().unwrap_or_default().to_owned();
        errors
            .iter()
            .map(|error| (place(error), code(error)))
            .collect()
    }
}

/// What the application is made of. A stand-in on which nothing is expected panics when touched, which makes a 500.
pub(crate) struct Bench {
    pub(crate) uows: Vec<FakeUnitOfWork>,
    pub(crate) parts: Parts,
}

/// The same request with a JSON body.
pub(crate) fn with_body(request: TestRequest, body: &Value) -> TestRequest {
    request
        .insert_header(("content-type", "application/json"))
        .set_payload(body.to_string())
}

/// A decision that lets a request in.
pub(crate) fn allowed() -> LimitDecision {
    LimitDecision {
        is_allowed: true,
        burst: 2_000,
        per_second: 1_000,
        remaining: 1_999,
        reset_after: std::time::Duration::from_millis(1),
        retry_after: std::time::Duration::ZERO,
    }
}

/// A decision that keeps a request out.
pub(crate) fn refused() -> LimitDecision {
    LimitDecision {
        is_allowed: false,
        remaining: 0,
        reset_after: std::time::Duration::from_secs(2),
        retry_after: std::time::Duration::from_millis(1_500),
        ..allowed()
    }
}

/// Accounts 1 to 4 with 1,000 USD minor units each; the third is frozen, the fourth closed and empty.
fn accounts() -> [Standing; 4] {
    let with = |number, status| Standing {
        status,
        ..standing(number, 1_000)
    };
    [
        standing(1, 1_000),
        standing(2, 1_000),
        with(3, AccountStatus::Frozen),
        with(4, AccountStatus::Closed),
    ]
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

struct Well;

#[async_trait]
impl HealthReporter for Well {
    async fn report(&self) -> HealthReport {
        HealthReport {
            status: HealthStatus::Healthy,
            version: "1.2.3",
            commit: None,
            uptime_seconds: 7,
            checks: HealthChecks::default(),
        }
    }

    async fn is_ready(&self) -> bool {
        true
    }
}

impl Bench {
    /// An application whose one key may do everything.
    pub(crate) fn new() -> Self {
        let ids: Arc<dyn IdGenerator> = Arc::new(SequentialIds::default());
        let clock: Arc<dyn Clock> = FixedClock::at(NOW);
        let customers = Arc::new(MockCustomerQueries::new());
        let invoices = Arc::new(MockInvoiceQueries::new());
        let register = Arc::new(MockNumberRegisterQueries::new());
        let customers = CustomerUseCases::new(customers, &clock, &ids);
        let invoicing = InvoicingUseCases::new(invoices, register, &clock, &ids);
        let wallets = WalletPorts {
            users: Arc::new(MockUserQueries::new()),
            accounts: Arc::new(MockAccountQueries::new()),
            seal: Arc::new(FakeSeal),
        };
        let wallets = WalletUseCases::new(wallets, &clock, &ids);
        let payments = stand_ins::payments(&clock, &ids);
        let vouchers = stand_ins::vouchers(&clock, &ids);
        let webhooks = stand_ins::webhooks(&clock, &ids);
        let notices = stand_ins::notices(&clock);
        let mut secrets = MockSecretGenerator::new();
        secrets.expect_new_key_secret().returning(key_secret);
        let (engine, running) = PostingEngine::start(
            EngineParts {
                store: MemoryPostingStore::with(accounts()),
                clock: clock.clone(),
                ids: Arc::new(SequentialIds::default()),
            },
            EngineSettings::default(),
        );
        tokio::spawn(running);
        let ledger = LedgerUseCases::new(engine, stand_ins::untouched_ledger(), &clock, &ids);
        let revise = ReviseOrganizationHandler::new(clock.clone(), ids.clone());
        let create_key = CreateApiKeyHandler::new(clock.clone(), ids.clone(), Arc::new(secrets));
        let revoke_key = RevokeApiKeyHandler::new(clock, ids.clone());
        Self {
            uows: Vec::new(),
            parts: Parts {
                settings: HttpSettings::new(CursorKey::new([7; 32])),
                bus: CommandBus::new(FakeTransactor::over_each([]).shared(), []),
                authenticator: knowing(&["*"]),
                rate_limiter: limiting(allowed(), allowed()),
                ids,
                health: Arc::new(Well),
                customers,
                invoicing,
                ledger,
                payments,
                vouchers,
                wallets,
                events: EventUseCases {
                    log: Arc::new(MockEventLog::new()),
                    bell: EventBell::default(),
                },
                webhooks,
                notices,
                platform: PlatformUseCases {
                    organizations: Arc::new(MockOrganizationQueries::new()),
                    revise_organization: Arc::new(revise),
                    api_keys: Arc::new(MockApiKeyQueries::new()),
                    create_api_key: Arc::new(create_key),
                    revoke_api_key: Arc::new(revoke_key),
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

    /// Sends a request with the known key.
    pub(crate) async fn send(self, request: TestRequest) -> Got {
        let secret = format!("Bearer {}", key_secret().expose());
        self.send_as_is(request.insert_header(("authorization", secret)))
            .await
    }

    /// Sends a request.
    pub(crate) async fn send_as_is(self, request: TestRequest) -> Got {
        let [got] = self.send_each([request]).await;
        got
    }

    /// Sends requests, one after the other.
    pub(crate) async fn send_each<const N: usize>(
        mut self,
        requests: [TestRequest; N],
    ) -> [Got; N] {
        if !self.uows.is_empty() {
            let transactor = FakeTransactor::over_each(self.uows);
            self.parts.bus = CommandBus::new(transactor.shared(), []);
        }
        let service = init_service(application(&Api::new(self.parts))).await;
        let mut answers = Vec::with_capacity(N);
        for request in requests {
            let response = match try_call_service(&service, request.to_request()).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.as_response_error().error_response(),
            };
            let (status, headers) = (response.status(), response.headers().clone());
            let bytes = to_bytes(response.into_body()).await.expect("a body");
            answers.push(Got {
                status,
                headers,
                bytes,
            });
        }
        answers
            .try_into()
            .unwrap_or_else(|_| panic!("one answer for each request"))
    }
}
