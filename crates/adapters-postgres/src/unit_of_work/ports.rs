//! The unit of work is every port itself.

use app::ports::{
    AccountRepository, ApiKeyRepository, CampaignRepository, CustomerRepository, HoldRepository,
    IdempotencyKeys, Inbox, InvoiceNumbers, InvoicePayments, InvoiceRepository, InvoiceReviews,
    IssueJobs, Journal, OrganizationRepository, Outbox, PaymentDeadLetters, PaymentRepository,
    PaymentWork, RedemptionRepository, RefundRepository, SuspectedReturns, UnitOfWork,
    UserRepository, VoucherBlocklist, VoucherProjection, VoucherRepository, VoucherTills,
    WebhookDeliveries, WebhookRepository,
};

use super::PgUnitOfWork;

impl UnitOfWork for PgUnitOfWork {
    fn organizations(&mut self) -> &mut dyn OrganizationRepository {
        self
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeyRepository {
        self
    }

    fn customers(&mut self) -> &mut dyn CustomerRepository {
        self
    }

    fn invoices(&mut self) -> &mut dyn InvoiceRepository {
        self
    }

    fn invoice_numbers(&mut self) -> &mut dyn InvoiceNumbers {
        self
    }

    fn invoice_reviews(&mut self) -> &mut dyn InvoiceReviews {
        self
    }

    fn accounts(&mut self) -> &mut dyn AccountRepository {
        self
    }

    fn journal(&mut self) -> &mut dyn Journal {
        self
    }

    fn users(&mut self) -> &mut dyn UserRepository {
        self
    }

    fn holds(&mut self) -> &mut dyn HoldRepository {
        self
    }

    fn payments(&mut self) -> &mut dyn PaymentRepository {
        self
    }

    fn payment_work(&mut self) -> &mut dyn PaymentWork {
        self
    }

    fn suspected_returns(&mut self) -> &mut dyn SuspectedReturns {
        self
    }

    fn payment_dead_letters(&mut self) -> &mut dyn PaymentDeadLetters {
        self
    }

    fn refunds(&mut self) -> &mut dyn RefundRepository {
        self
    }

    fn invoice_payments(&mut self) -> &mut dyn InvoicePayments {
        self
    }

    fn campaigns(&mut self) -> &mut dyn CampaignRepository {
        self
    }

    fn vouchers(&mut self) -> &mut dyn VoucherRepository {
        self
    }

    fn redemptions(&mut self) -> &mut dyn RedemptionRepository {
        self
    }

    fn voucher_tills(&mut self) -> &mut dyn VoucherTills {
        self
    }

    fn voucher_blocklist(&mut self) -> &mut dyn VoucherBlocklist {
        self
    }

    fn issue_jobs(&mut self) -> &mut dyn IssueJobs {
        self
    }

    fn voucher_projection(&mut self) -> &mut dyn VoucherProjection {
        self
    }

    fn webhooks(&mut self) -> &mut dyn WebhookRepository {
        self
    }

    fn webhook_deliveries(&mut self) -> &mut dyn WebhookDeliveries {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn inbox(&mut self) -> &mut dyn Inbox {
        self
    }

    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys {
        self
    }

    fn lose_race(&mut self) {
        self.note_lost_race();
    }
}
