//! The unit of work: what one transaction offers, and who opens and closes it.

use async_trait::async_trait;

use super::{
    AccountRepository, ApiKeyRepository, CampaignRepository, CustomerRepository, HoldRepository,
    IdempotencyKeys, Inbox, InvoiceNumbers, InvoicePayments, InvoiceRepository, InvoiceReviews,
    IssueJobs, Journal, OrganizationRepository, Outbox, PaymentDeadLetters, PaymentRepository,
    PaymentWork, RedemptionRepository, RefundRepository, StorageError, SuspectedReturns, Touched,
    UserRepository, VoucherBlocklist, VoucherProjection, VoucherRepository, VoucherTills,
    WebhookDeliveries, WebhookRepository,
};

/// One open transaction. Every write of a use case goes through it; nothing on it can commit.
///
/// The accessors borrow it mutably, so two statements can never run at once on one connection. A write whose outcome
/// nobody needs to know MAY be sent later, together with others, but MUST be sent before the next read and before the
/// commit; if it fails, the transaction fails.
pub trait UnitOfWork: Send {
    /// The organizations.
    fn organizations(&mut self) -> &mut dyn OrganizationRepository;

    /// The API keys.
    fn api_keys(&mut self) -> &mut dyn ApiKeyRepository;

    /// The customers.
    fn customers(&mut self) -> &mut dyn CustomerRepository;

    /// The invoices.
    fn invoices(&mut self) -> &mut dyn InvoiceRepository;

    /// The number series and their register.
    fn invoice_numbers(&mut self) -> &mut dyn InvoiceNumbers;

    /// The invoices that are reviewed.
    fn invoice_reviews(&mut self) -> &mut dyn InvoiceReviews;

    /// The accounts.
    fn accounts(&mut self) -> &mut dyn AccountRepository;

    /// Transfers and entries.
    fn journal(&mut self) -> &mut dyn Journal;

    /// The users of wallets.
    fn users(&mut self) -> &mut dyn UserRepository;

    /// The holds.
    fn holds(&mut self) -> &mut dyn HoldRepository;

    /// The payments.
    fn payments(&mut self) -> &mut dyn PaymentRepository;

    /// What workers have to do about them.
    fn payment_work(&mut self) -> &mut dyn PaymentWork;

    /// The payouts that may have come back.
    fn suspected_returns(&mut self) -> &mut dyn SuspectedReturns;

    /// Those that were given up.
    fn payment_dead_letters(&mut self) -> &mut dyn PaymentDeadLetters;

    /// The refunds.
    fn refunds(&mut self) -> &mut dyn RefundRepository;

    /// What was paid on invoices.
    fn invoice_payments(&mut self) -> &mut dyn InvoicePayments;

    /// The campaigns of vouchers.
    fn campaigns(&mut self) -> &mut dyn CampaignRepository;

    /// The vouchers.
    fn vouchers(&mut self) -> &mut dyn VoucherRepository;

    /// What was redeemed of them.
    fn redemptions(&mut self) -> &mut dyn RedemptionRepository;

    /// Vouchers that many redeem at once.
    fn voucher_tills(&mut self) -> &mut dyn VoucherTills;

    /// Who may not redeem vouchers.
    fn voucher_blocklist(&mut self) -> &mut dyn VoucherBlocklist;

    /// The jobs that issue vouchers in great number.
    fn issue_jobs(&mut self) -> &mut dyn IssueJobs;
    /// What queries read of vouchers.
    fn voucher_projection(&mut self) -> &mut dyn VoucherProjection;

    /// The webhook endpoints.
    fn webhooks(&mut self) -> &mut dyn WebhookRepository;

    /// What is sent to them.
    fn webhook_deliveries(&mut self) -> &mut dyn WebhookDeliveries;

    /// What happened, for the rest of the world.
    fn outbox(&mut self) -> &mut dyn Outbox;

    /// What consumers have already dealt with.
    fn inbox(&mut self) -> &mut dyn Inbox;

    /// The idempotency keys.
    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys;

    /// Notes that a concurrent writer was quicker, in a way that only the work can see. The transactor MUST undo the
    /// transaction and run the work again, as after any lost race.
    fn lose_race(&mut self);
}

/// What concurrent transactions may see of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what was committed before it. Rows to be changed are locked as they are read, so two commands
    /// on one row take turns.
    ReadCommitted,
    /// Each look by itself, and the writes at the end, all or none, perhaps together with those of others. For commands that
    /// look without locking, and only add: what two of them must not both add, a constraint of the storage decides, and
    /// the later one has lost a race.
    Additive,
    /// As if commands ran one after the other. For rules that span rows nobody locks; such commands lose races, and are
    /// run again.
    Serializable,
}

/// How a transaction is to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionSpec {
    /// Names it in metrics and traces.
    pub name: &'static str,
    /// Its isolation.
    pub isolation: Isolation,
}

/// What a piece of work wants done with the transaction it ran in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Keep the writes.
    Commit,
    /// Undo the writes.
    Rollback,
}

/// Something to be run inside a transaction, perhaps more than once.
#[async_trait]
pub trait Work: Send {
    /// Runs it once. Whatever an earlier attempt left behind is replaced.
    async fn attempt(&mut self, uow: &mut dyn UnitOfWork) -> Outcome;

    /// Hears what the last attempt has changed, right before its commit.
    async fn about_to_commit(&mut self, _touched: &[Touched]) {}

    /// Hears what the last attempt changed when its commit was not answered: nobody knows whether it happened.
    fn in_doubt(&mut self, _touched: Vec<Touched>) {}
}

/// Opens transactions, runs work in them, and closes them.
#[async_trait]
pub trait Transactor: Send + Sync {
    /// Runs `work` until an attempt has been committed or rolled back, and tells what the commit has changed.
    ///
    /// An attempt that lost against a concurrent writer MUST be made again, a bounded number of times. The work MUST be
    /// told before each commit that changes something ([`Work::about_to_commit`]). `Ok` means that the storage did what the
    /// work's last [`Outcome`] asked. When the answer to a commit is lost, the work MUST be told ([`Work::in_doubt`]) before
    /// the error is returned. Dropping the future MUST roll back what is not committed.
    async fn run(
        &self,
        spec: TransactionSpec,
        work: &mut dyn Work,
    ) -> Result<Vec<Touched>, StorageError>;
}
