//! A unit of work made of mocks.

use crate::ports::{
    ApiKeyRepository, CustomerRepository, IdempotencyKeys, InvoiceNumbers, InvoiceRepository,
    MockApiKeyRepository, MockCustomerRepository, MockIdempotencyKeys, MockInvoiceNumbers,
    MockInvoiceRepository, MockOrganizationRepository, MockOutbox, OrganizationRepository, Outbox,
    UnitOfWork,
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
    /// The outbox.
    pub outbox: MockOutbox,
    /// The idempotency keys.
    pub idempotency_keys: MockIdempotencyKeys,
}

impl FakeUnitOfWork {
    /// Expects that `times` aggregates tell the one thing that happened to them.
    #[must_use]
    pub fn announcing(mut self, times: usize) -> Self {
        self.outbox
            .expect_append()
            .times(times)
            .withf(|events, _| events.len() == 1)
            .returning(|_, _| Ok(()));
        self
    }
}

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

    fn outbox(&mut self) -> &mut dyn Outbox {
        &mut self.outbox
    }

    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys {
        &mut self.idempotency_keys
    }
}
