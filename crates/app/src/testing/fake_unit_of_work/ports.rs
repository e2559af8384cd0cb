//! Which mock stands for which port.

use super::FakeUnitOfWork;
use crate::ports::{
    AccountRepository, ApiKeyRepository, CampaignRepository, CustomerRepository, HoldRepository,
    IdempotencyKeys, Inbox, InvoiceNumbers, InvoicePayments, InvoiceRepository, InvoiceReviews,
    IssueJobs, Journal, OrganizationRepository, Outbox, PaymentDeadLetters, PaymentRepository,
    PaymentWork, RedemptionRepository, RefundRepository, SuspectedReturns, UnitOfWork,
    UserRepository, VoucherBlocklist, VoucherProjection, VoucherRepository, VoucherTills,
    WebhookDeliveries, WebhookRepository,
};

impl UnitOfWork for FakeUnitOfWork {
    fn organizations(&mut self) -> &mut dyn OrganizationRepository {
        &mut self.organizations
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeyRepository {
        &mut self.api_keys
    }

    fn customers(&mut self) -> &mut dyn CustomerRepository {
        &mut self.customers
    }

    fn invoices(&mut self) -> &mut dyn InvoiceRepository {
        &mut self.invoices
    }

    fn invoice_numbers(&mut self) -> &mut dyn InvoiceNumbers {
        &mut self.invoice_numbers
    }

    fn invoice_reviews(&mut self) -> &mut dyn InvoiceReviews {
        &mut self.invoice_reviews
    }

    fn accounts(&mut self) -> &mut dyn AccountRepository {
        &mut self.accounts
    }

    fn journal(&mut self) -> &mut dyn Journal {
        &mut self.journal
    }

    fn users(&mut self) -> &mut dyn UserRepository {
        &mut self.users
    }

    fn holds(&mut self) -> &mut dyn HoldRepository {
        &mut self.holds
    }

    fn payments(&mut self) -> &mut dyn PaymentRepository {
        &mut self.payments
    }

    fn payment_work(&mut self) -> &mut dyn PaymentWork {
        &mut self.payment_work
    }

    fn suspected_returns(&mut self) -> &mut dyn SuspectedReturns {
        &mut self.suspected_returns
    }

    fn payment_dead_letters(&mut self) -> &mut dyn PaymentDeadLetters {
        &mut self.payment_dead_letters
    }

    fn refunds(&mut self) -> &mut dyn RefundRepository {
        &mut self.refunds
    }

    fn invoice_payments(&mut self) -> &mut dyn InvoicePayments {
        &mut self.invoice_payments
    }

    fn campaigns(&mut self) -> &mut dyn CampaignRepository {
        &mut self.campaigns
    }

    fn vouchers(&mut self) -> &mut dyn VoucherRepository {
        &mut self.vouchers
    }

    fn redemptions(&mut self) -> &mut dyn RedemptionRepository {
        &mut self.redemptions
    }

    fn voucher_tills(&mut self) -> &mut dyn VoucherTills {
        &mut self.voucher_tills
    }

    fn voucher_blocklist(&mut self) -> &mut dyn VoucherBlocklist {
        &mut self.voucher_blocklist
    }

    fn issue_jobs(&mut self) -> &mut dyn IssueJobs {
        &mut self.issue_jobs
    }

    fn voucher_projection(&mut self) -> &mut dyn VoucherProjection {
        &mut self.voucher_projection
    }

    fn webhooks(&mut self) -> &mut dyn WebhookRepository {
        &mut self.webhooks
    }

    fn webhook_deliveries(&mut self) -> &mut dyn WebhookDeliveries {
        &mut self.webhook_deliveries
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        &mut self.outbox
    }

    fn inbox(&mut self) -> &mut dyn Inbox {
        &mut self.inbox
    }

    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys {
        &mut self.idempotency_keys
    }

    fn lose_race(&mut self) {
        self.lost_races += 1;
    }
}
