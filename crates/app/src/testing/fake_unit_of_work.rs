//! A unit of work made of mocks.

mod ports;

use domain::{
    actor::Actor,
    customers::Customer,
    event::DomainEvent,
    invoicing::Invoice,
    ledger::Account,
    platform::{ApiKey, ApiKeyFacts, Organization},
    wallets::User,
    webhooks::{Delivery, Webhook},
};

use super::{caller, out_of_reach};
use crate::{
    events::SpeltEvent,
    platform::Caller,
    ports::{
        MockAccountRepository, MockApiKeyRepository, MockCampaignRepository,
        MockCustomerRepository, MockHoldRepository, MockIdempotencyKeys, MockInbox,
        MockInvoiceNumbers, MockInvoicePayments, MockInvoiceRepository, MockInvoiceReviews,
        MockIssueJobs, MockJournal, MockOrganizationRepository, MockOutbox, MockPaymentDeadLetters,
        MockPaymentRepository, MockPaymentWork, MockRedemptionRepository, MockRefundRepository,
        MockSuspectedReturns, MockUserRepository, MockVoucherBlocklist, MockVoucherProjection,
        MockVoucherRepository, MockVoucherTills, MockWebhookDeliveries, MockWebhookRepository,
    },
};

/// A port on which nobody set an expectation fails the test when touched.
#[derive(Default)]
pub struct FakeUnitOfWork {
    /// The organizations.
    pub organizations: MockOrganizationRepository,
    /// The API keys.
    pub api_keys: MockApiKeyRepository,
    /// The customers.
    pub customers: MockCustomerRepository,
    /// The invoices.
    pub invoices: MockInvoiceRepository,
    /// The number series.
    pub invoice_numbers: MockInvoiceNumbers,
    /// The invoices that are reviewed.
    pub invoice_reviews: MockInvoiceReviews,
    /// The accounts.
    pub accounts: MockAccountRepository,
    /// The journal.
    pub journal: MockJournal,
    /// The users.
    pub users: MockUserRepository,
    /// The holds.
    pub holds: MockHoldRepository,
    /// The payments.
    pub payments: MockPaymentRepository,
    /// What workers have to do.
    pub payment_work: MockPaymentWork,
    /// The payouts that may have come back.
    pub suspected_returns: MockSuspectedReturns,
    /// What they have given up.
    pub payment_dead_letters: MockPaymentDeadLetters,
    /// The refunds.
    pub refunds: MockRefundRepository,
    /// What was paid on invoices.
    pub invoice_payments: MockInvoicePayments,
    /// The campaigns.
    pub campaigns: MockCampaignRepository,
    /// The vouchers.
    pub vouchers: MockVoucherRepository,
    /// The redemptions.
    pub redemptions: MockRedemptionRepository,
    /// Vouchers that many redeem.
    pub voucher_tills: MockVoucherTills,
    /// Who may not redeem.
    pub voucher_blocklist: MockVoucherBlocklist,
    /// The jobs that issue vouchers.
    pub issue_jobs: MockIssueJobs,
    /// What queries read of vouchers.
    pub voucher_projection: MockVoucherProjection,
    /// The webhook endpoints.
    pub webhooks: MockWebhookRepository,
    /// What is sent to them.
    pub webhook_deliveries: MockWebhookDeliveries,
    /// The outbox.
    pub outbox: MockOutbox,
    /// What consumers have dealt with.
    pub inbox: MockInbox,
    /// The idempotency keys.
    pub idempotency_keys: MockIdempotencyKeys,
    /// How often the work has seen that a concurrent writer was quicker.
    pub lost_races: u32,
}

impl FakeUnitOfWork {
    /// Holds an organization, to be found by its id only.
    #[must_use]
    pub fn with_organization(mut self, stored: Organization) -> Self {
        let facts = stored.facts().clone();
        self.organizations
            .expect_find()
            .returning(move |id| Ok((id == facts.id).then(|| facts.clone())));
        self.organizations
            .expect_find_for_update()
            .returning(move |id| Ok((id == stored.facts().id).then(|| stored.clone())));
        self
    }

    /// Holds a key, to be found by its organization and its id only.
    #[must_use]
    pub fn with_api_key(mut self, stored: ApiKeyFacts) -> Self {
        self.api_keys
            .expect_find_for_update()
            .returning(move |owner, id| {
                let is_it = (owner, id) == (stored.organization_id, stored.id);
                Ok(is_it.then(|| ApiKey::restore(stored.clone())))
            });
        self
    }

    /// Holds a customer, to be found by its organization and its id only.
    #[must_use]
    pub fn with_customer(mut self, stored: Customer) -> Self {
        let facts = stored.facts().clone();
        self.customers.expect_find().returning(move |owner, id| {
            let is_it = (owner, id) == (facts.organization_id, facts.id);
            Ok(is_it.then(|| facts.clone()))
        });
        self.customers
            .expect_find_for_update()
            .returning(move |owner, id| {
                let is_it = (owner, id) == (stored.facts().organization_id, stored.facts().id);
                Ok(is_it.then(|| stored.clone()))
            });
        self
    }

    /// Holds an invoice, to be found by its organization and its id only, on which no payment is under way.
    #[must_use]
    pub fn with_invoice(mut self, stored: Invoice) -> Self {
        self.invoice_payments
            .expect_running_minor()
            .returning(|_, _| Ok(0));
        self.invoice_payments.expect_apply().returning(|_| Ok(()));
        self.invoices
            .expect_find_for_update()
            .returning(move |owner, id| {
                let is_it = (owner, id) == (stored.facts().organization_id, stored.facts().id);
                Ok(is_it.then(|| stored.clone()))
            });
        self
    }

    /// Holds a user, to be found by its organization and its id only.
    #[must_use]
    pub fn with_user(mut self, stored: User) -> Self {
        self.users
            .expect_find_for_update()
            .returning(move |owner, id| {
                let is_it = (owner, id) == (stored.facts().organization_id, stored.facts().id);
                Ok(is_it.then(|| stored.clone()))
            });
        self
    }

    /// Holds a webhook endpoint, to be found by its organization and its id only.
    #[must_use]
    pub fn with_webhook(mut self, stored: Webhook) -> Self {
        self.webhooks
            .expect_find_for_update()
            .returning(move |owner, id| {
                let is_it = (owner, id) == (stored.facts().organization_id, stored.facts().id);
                Ok(is_it.then(|| stored.clone()))
            });
        self
    }

    /// Holds a delivery of a webhook, to be found by its organization and its id only.
    #[must_use]
    pub fn with_delivery(mut self, stored: Delivery) -> Self {
        self.webhook_deliveries
            .expect_find_for_update()
            .returning(move |owner, id| {
                let is_it = (owner, id) == (stored.facts().organization_id, stored.facts().id);
                Ok(is_it.then(|| stored.clone()))
            });
        self
    }

    /// Holds an account, to be found by its organization and its id only.
    #[must_use]
    pub fn with_account(mut self, stored: Account) -> Self {
        self.accounts
            .expect_find_for_update()
            .returning(move |owner, id| {
                let is_it = (owner, id) == (stored.facts().organization_id, stored.facts().id);
                Ok(is_it.then(|| stored.clone()))
            });
        self
    }

    /// Expects that it is told once that this, and nothing else, happened to an aggregate of [`caller`], on behalf of
    /// [`caller`]: the event by its name, and the version that it took the aggregate to.
    #[must_use]
    pub fn announcing(self, event_type: &'static str, version: i64) -> Self {
        self.announcing_by(caller(), event_type, version)
    }

    /// The same, on behalf of somebody else.
    #[must_use]
    pub fn announcing_by(mut self, by: Caller, event_type: &'static str, version: i64) -> Self {
        let append = self.outbox.expect_append().once();
        append.returning(move |events, actor| {
            check_told(&events, (event_type, version));
            check_author(&events, actor, &by);
            Ok(())
        });
        self
    }

    /// Fails to take note of what happened.
    #[must_use]
    pub fn failing_to_announce(mut self) -> Self {
        let append = self.outbox.expect_append().once();
        append.returning(|_, _| out_of_reach());
        self
    }
}

fn check_told(events: &[DomainEvent], expected: (&str, i64)) {
    let spelt: Vec<_> = events.iter().map(SpeltEvent::from).collect();
    let told: Vec<_> = spelt
        .iter()
        .map(|it| (it.event_type, it.touched.version.as_i64()))
        .collect();
    assert_eq!(told, [expected]);
}

fn check_author(events: &[DomainEvent], actor: &Actor, by: &Caller) {
    assert_eq!(actor, &by.actor);
    assert!(
        events
            .iter()
            .all(|it| it.organization_id == by.organization_id)
    );
}
