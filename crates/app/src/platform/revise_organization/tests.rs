use domain::{
    platform::{NumberPrefix, OrganizationProfile, PaymentTerms},
    values::{Address, Country, Currency, EmailAddress, Name, Rounding, TaxId},
    version::Version,
};
use rstest::{fixture, rstest};

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, NOW, SequentialIds, caller, organization_profile, out_of_reach,
    stored_organization, stranger,
};

#[fixture]
fn handler() -> ReviseOrganizationHandler {
    ReviseOrganizationHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> ReviseOrganization {
    ReviseOrganization {
        caller: caller(),
        precondition: Precondition::OneOf(vec![Version::FIRST]),
        changes: OrganizationChanges {
            legal_name: Some(Name::parse("Acme Ltd").unwrap()),
            ..OrganizationChanges::default()
        },
    }
}

fn full_profile() -> OrganizationProfile {
    OrganizationProfile {
        legal_name: Name::parse("Acme Ltd").unwrap(),
        address: Some(Address {
            line1: None,
            line2: None,
            city: None,
            postal_code: None,
            region: None,
            country: Country::parse("KE").unwrap(),
        }),
        tax_id: Some(TaxId::parse("P051").unwrap()),
        email: Some(EmailAddress::parse("billing@acme.example").unwrap()),
        default_currency: Currency::parse("KES").unwrap(),
        invoice_number_prefix: NumberPrefix::parse("ACME-").unwrap(),
        payment_terms: PaymentTerms::days(14).unwrap(),
        rounding: Rounding::HalfEven,
    }
}

#[rstest]
#[tokio::test]
async fn what_is_changed_is_stored_and_announced_and_the_rest_stays(
    handler: ReviseOrganizationHandler,
) {
    let expected = OrganizationFacts {
        profile: OrganizationProfile {
            legal_name: Name::parse("Acme Ltd").unwrap(),
            ..organization_profile()
        },
        updated_at: NOW.parse().unwrap(),
        version: Version::new(2),
        ..stored_organization().facts().clone()
    };
    let mut uow = FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .announcing("organization.updated", 2);
    let stored = expected.clone();
    uow.organizations
        .expect_update()
        .once()
        .withf(move |organization| *organization.facts() == stored)
        .returning(|_| Ok(()));

    let revised = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(revised, expected);
}

#[test]
fn everything_can_be_changed() {
    let wanted = full_profile();
    let changes = OrganizationChanges {
        legal_name: Some(wanted.legal_name.clone()),
        address: Some(wanted.address.clone()),
        tax_id: Some(wanted.tax_id.clone()),
        email: Some(wanted.email.clone()),
        default_currency: Some(wanted.default_currency),
        invoice_number_prefix: Some(wanted.invoice_number_prefix.clone()),
        payment_terms: Some(wanted.payment_terms),
        rounding: Some(wanted.rounding),
    };

    let profile = changes.apply_to(&organization_profile());

    assert_eq!(profile, wanted);
}

#[test]
fn what_may_be_missing_can_be_taken_away_and_the_rest_stays() {
    let changes = OrganizationChanges {
        address: Some(None),
        tax_id: Some(None),
        email: Some(None),
        ..OrganizationChanges::default()
    };

    let profile = changes.apply_to(&full_profile());

    let expected = OrganizationProfile {
        address: None,
        tax_id: None,
        email: None,
        ..full_profile()
    };
    assert_eq!(profile, expected);
}

#[rstest]
#[tokio::test]
async fn an_organization_that_is_gone_is_not_found(handler: ReviseOrganizationHandler) {
    let command = ReviseOrganization {
        caller: stranger(),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    assert!(
        matches!(refused, ReviseOrganizationError::NotFound(id) if id == stranger().organization_id)
    );
}

#[rstest]
#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_a_conflict(handler: ReviseOrganizationHandler) {
    let command = ReviseOrganization {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let current = Version::FIRST;
    assert!(matches!(
        refused,
        ReviseOrganizationError::Conflict(why) if why == VersionConflict { current }
    ));
}

#[rstest]
#[case::finding({
    let mut uow = FakeUnitOfWork::default();
    uow.organizations.expect_find_for_update().returning(|_| out_of_reach());
    uow
})]
#[case::storing({
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    uow.organizations.expect_update().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .failing_to_announce();
    uow.organizations.expect_update().returning(|_| Ok(()));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(
    handler: ReviseOrganizationHandler,
    #[case] mut uow: FakeUnitOfWork,
) {
    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(ReviseOrganizationError::Storage(_))));
}
