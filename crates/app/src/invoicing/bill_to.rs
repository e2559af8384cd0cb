//! Who is to pay an invoice.

use domain::{
    ids::{CustomerId, OrganizationId},
    invoicing::Party,
    values::Currency,
};

use crate::ports::{StorageError, UnitOfWork};

/// Who is to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BillTo {
    /// A registered customer, as it is now.
    Registered(CustomerId),
    /// Somebody who is not registered.
    Inline(Party),
}

/// Who is to pay, as it goes onto the invoice.
pub(super) struct Buyer {
    pub(super) customer_id: Option<CustomerId>,
    pub(super) party: Party,
    /// What its invoices are written in, unless they say otherwise.
    pub(super) currency: Option<Currency>,
}

impl BillTo {
    /// Finds the customer of an organization that this is, if it is a registered one; `not_found` when it is not there.
    pub(super) async fn buyer<E: From<StorageError>>(
        &self,
        organization_id: OrganizationId,
        uow: &mut dyn UnitOfWork,
        not_found: impl FnOnce(CustomerId) -> E + Send,
    ) -> Result<Buyer, E> {
        let id = match self {
            Self::Registered(id) => *id,
            Self::Inline(party) => {
                return Ok(Buyer {
                    customer_id: None,
                    party: party.clone(),
                    currency: None,
                });
            }
        };
        let found = uow.customers().find(organization_id, id).await?;
        let profile = found.ok_or_else(|| not_found(id))?.profile;
        Ok(Buyer {
            customer_id: Some(id),
            party: Party::from(&profile),
            currency: profile.currency,
        })
    }
}
