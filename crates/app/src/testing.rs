//! Stand-ins for the ports, for the tests of this crate and of those above it; and the contracts of the ports, for the
//! tests of the adapters.

mod builders;
pub mod contracts;
mod fake_transactor;
mod fake_unit_of_work;
mod fixed;

pub use builders::{caller, customer_profile, draft_contents, organization_profile, party};
pub use fake_transactor::FakeTransactor;
pub use fake_unit_of_work::FakeUnitOfWork;
pub use fixed::{FixedClock, SequentialIds};
