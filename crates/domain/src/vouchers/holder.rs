//! Who redeems a voucher.

use crate::{ids::CustomerId, values::EmailAddress};

/// A customer, or an address: what stands on the blocklist, one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// A registered customer.
    Customer(CustomerId),
    /// An address.
    Address(EmailAddress),
}

impl Blocked {
    /// The name that a [`Holder`] has who is that.
    pub fn name(&self) -> String {
        match self {
            Self::Customer(id) => Holder::name_of_customer(*id),
            Self::Address(email) => Holder::name_of_email(email),
        }
    }
}

/// Who redeems: a registered customer, an e-mail address, both, or nobody that is known. What a customer has redeemed counts
/// for both, so that a limit is not evaded by naming only one of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holder {
    /// The registered customer.
    pub customer_id: Option<CustomerId>,
    /// The address.
    pub email: Option<EmailAddress>,
}

impl Holder {
    /// How names of customers begin.
    pub const CUSTOMER: &'static str = "customer:";
    /// How names of addresses begin.
    pub const EMAIL: &'static str = "email:";

    /// The names under which redemptions are counted and customers are blocked, in a fixed order: at most two.
    pub fn names(&self) -> Vec<String> {
        let customer = self.customer_id.map(Self::name_of_customer);
        let email = self.email.as_ref().map(Self::name_of_email);
        customer.into_iter().chain(email).collect()
    }

    /// The name of a customer.
    pub fn name_of_customer(id: CustomerId) -> String {
        format!("{}{id}", Self::CUSTOMER)
    }

    /// The name of an address, whatever the case of its letters.
    pub fn name_of_email(email: &EmailAddress) -> String {
        format!("{}{}", Self::EMAIL, email.as_str().to_lowercase())
    }
}
