use std::sync::Arc;

use app::{
    ports::{MockCustomerQueries, MockVoucherQueries},
    testing::{CUSTOMER, NOW, ORGANIZATION, stored_customer},
};
use domain::{
    ids::{CampaignId, VoucherId},
    values::EmailAddress,
    vouchers::{Holder, Voucher, VoucherCode, VoucherFacts, VoucherTerms},
};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::{
    proto::v1::{ValidateVoucherRequest, voucher_service_client::VoucherServiceClient},
    testing::{Bench, Served, known, told},
};

fn email(raw: &str) -> EmailAddress {
    EmailAddress::parse(raw).unwrap()
}

fn summer() -> VoucherFacts {
    let id = Uuid::from_u128(70);
    let campaign_id = CampaignId::from_uuid(id);
    let code = VoucherCode::parse("SUMMER").unwrap();
    let voucher = Voucher::issue(
        VoucherId::from_uuid(id),
        (ORGANIZATION, campaign_id),
        (code, VoucherTerms::default()),
        NOW.parse().unwrap(),
    );
    voucher.facts().clone()
}

/// Knows the voucher `SUMMER`, and the customer.
fn served(mut queries: MockVoucherQueries) -> Served {
    queries.expect_find().returning(|_, code| {
        let summer = summer();
        Ok((*code == summer.code).then_some(summer))
    });
    let mut customers = MockCustomerQueries::new();
    customers.expect_find().returning(|_, id| {
        let mut customer = stored_customer().facts().clone();
        customer.profile.email = Some(email("ada@example.com"));
        Ok((id == CUSTOMER).then_some(customer))
    });
    let bench = Bench::new().with(|parts| {
        parts.vouchers.queries = Arc::new(queries);
        parts.vouchers.customers = Arc::new(customers);
    });
    bench.serve()
}

/// Tries a voucher as this customer, and is refused.
async fn refused(served: &Served, code: &str, customer_id: &str) -> Status {
    let request = ValidateVoucherRequest {
        code: code.to_owned(),
        customer_id: Some(customer_id.to_owned()),
        email: Some("z@example.com".to_owned()),
        currency: Some("EUR".to_owned()),
        total_minor: Some(1),
    };
    let mut client = VoucherServiceClient::new(served.channel.clone());
    client.validate_voucher(known(request)).await.unwrap_err()
}

#[tokio::test]
async fn only_codes_that_there_are_not_are_guesses() {
    let served = served(MockVoucherQueries::new());
    let nobody = Uuid::nil().to_string();

    for _ in 0..25 {
        let known = told(&refused(&served, "SUMMER", &nobody).await);
        assert_eq!(known, (Code::NotFound, "CUSTOMER_NOT_FOUND".to_owned()));
    }
    for _ in 0..20 {
        let unknown = refused(&served, "WINTER", &nobody).await;
        assert_eq!(unknown.code(), Code::NotFound);
    }
    let shut = told(&refused(&served, "SUMMER", &nobody).await);

    let expected = (Code::ResourceExhausted, "TOO_MANY_GUESSES".to_owned());
    assert_eq!(shut, expected);
}

#[tokio::test]
async fn a_customer_has_the_address_that_is_registered() {
    let expected = Holder {
        customer_id: Some(CUSTOMER),
        email: Some(email("ada@example.com")),
    };
    let mut queries = MockVoucherQueries::new();
    let asked = queries.expect_find_standing().once();
    asked
        .withf(move |_, _, holder| *holder == expected)
        .returning(|_, _, _| Ok(None));
    let served = served(queries);

    let status = refused(&served, "SUMMER", &CUSTOMER.to_string()).await;

    assert_eq!(told(&status), (Code::NotFound, "NOT_FOUND".to_owned()));
}
