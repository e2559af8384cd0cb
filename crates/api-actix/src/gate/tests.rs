//! What the gate does, seen from outside.

mod admission;
mod answers;
mod cors;
mod sockets;
mod traces;

use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{ports::MockOrganizationQueries, testing::stored_organization};

use crate::testing::Bench;

const ORGANIZATION_PATH: &str = "/api/v1/organization";

fn organization() -> TestRequest {
    TestRequest::get().uri(ORGANIZATION_PATH)
}

fn finding_organization() -> Bench {
    let mut organizations = MockOrganizationQueries::new();
    let facts = stored_organization().facts().clone();
    organizations
        .expect_find()
        .returning(move |_| Ok(Some(facts.clone())));
    Bench::new().with(|parts| parts.platform.organizations = Arc::new(organizations))
}
