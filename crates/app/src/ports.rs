//! What the use cases ask of the outside world. One file per port; the sentences with MUST are its contract, and the
//! suites in [`crate::testing::contracts`] hold every adapter to them.

mod accounts;
mod api_keys;
mod broker;
mod broker_memory;
mod clock;
mod commit_listener;
mod customers;
mod entries;
mod error;
mod event_log;
mod guess_limiter;
mod held_events;
mod holds;
mod idempotency_keys;
mod ids;
mod inbox;
mod invariants;
mod invoice_numbers;
mod invoice_payments;
mod invoice_queries;
mod invoice_reviews;
mod invoices;
mod issue_jobs;
mod journal;
mod ledger_snapshots;
mod organizations;
mod outbox;
mod payment_dead_letters;
mod payment_provider;
mod payment_work;
mod payments;
mod personal_data_seal;
mod posting_store;
mod provider_notices;
mod rate_limiter;
mod refunds;
mod secret_seal;
mod simulator_record;
mod span_sink;
mod suspected_returns;
mod transfers;
mod trial_balances;
mod unit_of_work;
mod users;
mod versioned_cache;
mod voucher_blocks;
mod voucher_export;
mod voucher_projection;
mod voucher_stats;
mod voucher_tills;
mod vouchers;
mod webhook_deliveries;
mod webhook_lanes;
mod webhook_sender;
mod webhooks;
mod work_leases;

pub use accounts::{AccountFilter, AccountQueries, AccountRepository};
pub use api_keys::{ApiKeyQueries, ApiKeyRepository};
pub use broker::{
    BrokerCondition, BrokerError, BrokerWatch, ConsumerGroup, Delivered, EventSink, EventSource,
    LostShard, SinkUnavailable, Subscription, UseFor,
};
pub use broker_memory::{BrokerMemory, GroupPlace, Stretch};
pub use clock::Clock;
pub use commit_listener::{AggregateKind, CommitListener, Touched};
pub use customers::{CustomerFilter, CustomerQueries, CustomerRepository};
pub use entries::{EntryDirection, EntryFilter, EntryQueries};
pub use error::StorageError;
pub use event_log::{EventFilter, EventLog, EventPage};
pub use guess_limiter::GuessLimiter;
pub use held_events::{DeadLetter, DeadLetters, HeldEvent, HeldEvents, NextAttempt};
pub use holds::{HoldFilter, HoldPlace, HoldQueries, HoldRepository};
pub use idempotency_keys::{Claim, Fingerprint, IdempotencyKey, IdempotencyKeys, KeyScope};
pub use ids::{Dice, IdGenerator, SecretGenerator, VoucherCodeGenerator, WebhookSecretGenerator};
pub use inbox::Inbox;
pub use invariants::{CurrencyFigures, InvariantQueries, LedgerFigures};
pub use invoice_numbers::{InvoiceNumbers, RegisteredNumber};
pub use invoice_payments::{InvoicePayment, InvoicePayments};
pub use invoice_queries::{InvoiceFilter, InvoiceQueries, NumberRegisterQueries};
pub use invoice_reviews::{InvoiceReviews, Likeness, Lookalike};
pub use invoices::{InvoiceRepository, Written};
pub use issue_jobs::{IssueJobQueries, IssueJobs};
pub use journal::{
    CarriedOutPayment, Journal, JournalLine, KeyedAnswer, PostingBatch, StandingChange,
    SystemAccountOf,
};
pub use ledger_snapshots::{
    ChainSnapshot, LedgerSnapshot, LedgerSnapshots, Stored, StoredAccount, StoredEntry,
    StoredReceivables, StoredStanding, StoredTransfer,
};
pub use organizations::{OrganizationQueries, OrganizationRepository};
pub use outbox::Outbox;
pub use payment_dead_letters::{
    DeadPayment, DeadPaymentView, PaymentDeadLetterQueries, PaymentDeadLetters,
};
pub use payment_provider::{
    InvalidProviderData, PaymentProvider, ProviderOrder, ProviderWork, Providers, Sighting,
};
pub use payment_work::{
    LockedWork, PaymentWork, PaymentWorkQueries, ProviderNotice, WorkFigures, WorkKey,
};
pub use payments::{PaymentFilter, PaymentQueries, PaymentRepository, Saved};
pub use personal_data_seal::{Holder, PersonalDataSeal, SealError};
pub use posting_store::{BatchWritten, Decide, PostingStore};
pub use provider_notices::{NoticeReader, NoticeReaders, NoticeRefused, RawNotice, ReadNotice};
pub use rate_limiter::{LimitDecision, LimitSubject, RateLimiter};
pub use refunds::RefundRepository;
pub use secret_seal::SecretSeal;
pub use simulator_record::{NotedCall, SimulatorEntry, SimulatorRecord};
pub use span_sink::SpanSink;
pub use suspected_returns::{SuspectedReturn, SuspectedReturns};
pub use transfers::{TransferFilter, TransferQueries};
pub use trial_balances::TrialBalanceQueries;
pub use unit_of_work::{Isolation, Outcome, TransactionSpec, Transactor, UnitOfWork, Work};
pub use users::{UserInserted, UserQueries, UserRepository};
pub use versioned_cache::{
    CacheAnswer, CacheError, InvoiceCache, InvoiceKey, NameHolder, Offer, SLOWEST_READER,
    UserCache, UserKey, UsernameCache, UsernameKey, Versioned, VersionedCache, username_key,
};
pub use voucher_blocks::{BlockChoice, BlockFilter, VoucherBlockQueries, VoucherBlocklist};
pub use voucher_export::VoucherExport;
pub use voucher_projection::{
    Begun, Generation, Generations, Projected, StoredPlace, VoucherProjection, VoucherUse,
};
pub use voucher_stats::{
    CampaignStanding, CampaignStats, Given, OfferQuery, OpenCampaign, VoucherStatsQueries,
};
pub use voucher_tills::VoucherTills;
pub use vouchers::{
    CampaignFilter, CampaignRepository, RedemptionRepository, VoucherClaim, VoucherFilter,
    VoucherQueries, VoucherRepository, VoucherStanding,
};
pub use webhook_deliveries::{NewDelivery, NewReplay, WebhookDeliveries, WebhookMessage};
pub use webhook_lanes::{
    ClaimTerms, ClaimedLane, HeldLane, LaneTarget, Parcel, SettledDelivery, Settlement,
    WebhookLanes,
};
pub use webhook_sender::{SendReport, SignedParcel, WebhookSender};
pub use webhooks::{Subscriber, WebhookQueries, WebhookReplay, WebhookRepository};
pub use work_leases::{LeaseRequest, LeasesUnavailable, WorkLeases};

#[cfg(feature = "test-support")]
pub use self::{
    accounts::{MockAccountQueries, MockAccountRepository},
    api_keys::{MockApiKeyQueries, MockApiKeyRepository},
    broker::{MockEventSink, MockSubscription},
    broker_memory::MockBrokerMemory,
    clock::MockClock,
    commit_listener::MockCommitListener,
    customers::{MockCustomerQueries, MockCustomerRepository},
    entries::MockEntryQueries,
    event_log::MockEventLog,
    guess_limiter::MockGuessLimiter,
    held_events::{MockDeadLetters, MockHeldEvents},
    holds::{MockHoldQueries, MockHoldRepository},
    idempotency_keys::MockIdempotencyKeys,
    ids::{
        MockDice, MockIdGenerator, MockSecretGenerator, MockVoucherCodeGenerator,
        MockWebhookSecretGenerator,
    },
    inbox::MockInbox,
    invariants::MockInvariantQueries,
    invoice_numbers::MockInvoiceNumbers,
    invoice_payments::MockInvoicePayments,
    invoice_queries::{MockInvoiceQueries, MockNumberRegisterQueries},
    invoice_reviews::MockInvoiceReviews,
    invoices::MockInvoiceRepository,
    issue_jobs::{MockIssueJobQueries, MockIssueJobs},
    journal::MockJournal,
    organizations::{MockOrganizationQueries, MockOrganizationRepository},
    outbox::MockOutbox,
    payment_dead_letters::{MockPaymentDeadLetterQueries, MockPaymentDeadLetters},
    payment_provider::MockPaymentProvider,
    payment_work::{MockPaymentWork, MockPaymentWorkQueries},
    payments::{MockPaymentQueries, MockPaymentRepository},
    personal_data_seal::MockPersonalDataSeal,
    provider_notices::MockNoticeReader,
    rate_limiter::MockRateLimiter,
    refunds::MockRefundRepository,
    simulator_record::MockSimulatorRecord,
    span_sink::MockSpanSink,
    suspected_returns::MockSuspectedReturns,
    transfers::MockTransferQueries,
    trial_balances::MockTrialBalanceQueries,
    users::{MockUserQueries, MockUserRepository},
    versioned_cache::MockVersionedCache,
    voucher_blocks::{MockVoucherBlockQueries, MockVoucherBlocklist},
    voucher_export::MockVoucherExport,
    voucher_projection::MockVoucherProjection,
    voucher_stats::MockVoucherStatsQueries,
    voucher_tills::MockVoucherTills,
    vouchers::{
        MockCampaignRepository, MockRedemptionRepository, MockVoucherQueries, MockVoucherRepository,
    },
    webhook_deliveries::MockWebhookDeliveries,
    webhook_lanes::MockWebhookLanes,
    webhook_sender::MockWebhookSender,
    webhooks::{MockWebhookQueries, MockWebhookRepository},
    work_leases::MockWorkLeases,
};
