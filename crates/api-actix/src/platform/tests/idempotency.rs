use actix_web::test::TestRequest;
use app::{
    ports::{Claim, Fingerprint, StorageError},
    testing::{FakeUnitOfWork, FixedClock, ORGANIZATION, key_secret, stored_organization},
};
use rstest::rstest;
use serde_json::{Value, json};

use super::{changing, inserted, making, new_key};
use crate::testing::{Bench, Got, knowing};

/// Claims the key for a request of the caller's organization, with this result.
fn claiming(mut uow: FakeUnitOfWork, claim: Claim) -> FakeUnitOfWork {
    uow.idempotency_keys
        .expect_claim()
        .returning(move |scope, _| {
            assert_eq!(
                (scope.organization_id, scope.key.as_str()),
                (ORGANIZATION, "k-1")
            );
            Ok(claim.clone())
        });
    uow
}

fn keyed(request: TestRequest) -> TestRequest {
    request
        .insert_header(("idempotency-key", "\"k-1\""))
        .insert_header(("x-request-id", "first"))
}

/// Does a keyed request for the first time, and tells what was remembered.
async fn remembering(mut uow: FakeUnitOfWork, request: TestRequest) -> (Got, Vec<u8>) {
    let (told, remembered) = std::sync::mpsc::channel();
    uow.idempotency_keys
        .expect_remember()
        .returning(move |_, _, answer| {
            told.send(answer.to_vec()).unwrap();
            Ok(())
        });
    let got = Bench::new()
        .over(claiming(uow, Claim::First))
        .send(keyed(request))
        .await;
    (got, remembered.try_recv().unwrap_or_default())
}

#[actix_web::test]
async fn a_repeated_request_is_given_the_first_answer_byte_for_byte() {
    let (first, remembered) = remembering(inserted(), making(&new_key())).await;
    let secret = key_secret();
    let is_hidden = !remembered
        .windows(8)
        .any(|part| secret.expose().as_bytes().starts_with(part));
    let uow = claiming(FakeUnitOfWork::default(), Claim::Replay(remembered));

    let second = Bench::new().over(uow).send(keyed(making(&new_key()))).await;

    assert_eq!((second.status, &second.bytes), (first.status, &first.bytes));
    for name in ["location", "etag", "content-type"] {
        assert_eq!(second.header(name), first.header(name));
    }
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert!(
        is_hidden,
        "the secret can be read where the answer is stored"
    );
}

#[actix_web::test]
async fn a_refusal_by_the_rules_is_remembered_with_its_first_request_id() {
    let uow = FakeUnitOfWork::default().with_organization(stored_organization());
    let request = || changing(&json!({"email": null})).insert_header(("if-match", "\"7\""));
    let mut memory = FakeUnitOfWork::default();
    let (told, remembered) = std::sync::mpsc::channel();
    memory
        .idempotency_keys
        .expect_remember()
        .returning(move |_, _, answer| {
            told.send(answer.to_vec()).unwrap();
            Ok(())
        });
    let first = Bench::new()
        .over(claiming(uow, Claim::First))
        .over(claiming(memory, Claim::First))
        .send(keyed(request()))
        .await;
    let replay = Claim::Replay(remembered.try_recv().unwrap());

    let second = Bench::new()
        .over(claiming(FakeUnitOfWork::default(), replay))
        .send(keyed(request()).insert_header(("x-request-id", "second")))
        .await;

    assert_eq!(first.problem(), (412, "version_conflict".to_owned()));
    assert_eq!(second.bytes, first.bytes);
    assert_eq!(second.header("x-request-id"), "second");
    assert_eq!(second.json()["request_id"], "first");
}

#[rstest]
#[case::in_progress(Claim::InProgress, 409, "idempotency_in_progress", "1")]
#[case::reused(Claim::Mismatch, 422, "idempotency_key_reused", "")]
#[case::unreadable(Claim::Replay(vec![9]), 500, "internal_error", "")]
#[actix_web::test]
async fn a_key_that_is_taken_is_refused(
    #[case] claim: Claim,
    #[case] status: u16,
    #[case] code: &str,
    #[case] retry_after: &str,
) {
    let uow = claiming(FakeUnitOfWork::default(), claim);

    let got = Bench::new().over(uow).send(keyed(making(&new_key()))).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
    assert_eq!(got.header("retry-after"), retry_after);
}

#[actix_web::test]
async fn faulty_requests_and_failures_are_not_remembered() {
    let mut failing = FakeUnitOfWork::default();
    let contended = || StorageError::Contended { attempts: 8 };
    failing
        .api_keys
        .expect_insert()
        .returning(move |_| Err(contended()));

    let (faulty, nothing) = remembering(FakeUnitOfWork::default(), making(&json!({}))).await;
    let (failed, neither) = remembering(failing, making(&new_key())).await;

    assert_eq!((faulty.problem().0, nothing), (400, Vec::new()));
    assert_eq!((failed.problem().0, neither), (409, Vec::new()));
}

#[rstest]
#[case::order_and_space("{\"scopes\":[\"*\"],\n\"name\":\"a\"}", true)]
#[case::other_name("{\"name\":\"b\",\"scopes\":[\"*\"]}", false)]
#[actix_web::test]
async fn equal_requests_have_equal_fingerprints(
    #[case] body: &'static str,
    #[case] is_equal: bool,
) {
    let fingerprint = async |body: &'static str| -> Fingerprint {
        let mut uow = FakeUnitOfWork::default();
        let (told, seen) = std::sync::mpsc::channel();
        uow.idempotency_keys
            .expect_claim()
            .returning(move |_, fingerprint| {
                told.send(*fingerprint).unwrap();
                Ok(Claim::InProgress)
            });
        let request = making(&Value::Null).set_payload(body);
        Bench::new().over(uow).send(keyed(request)).await;
        seen.try_recv().unwrap()
    };

    let original = fingerprint("{\"name\":\"a\",\"scopes\":[\"*\"]}").await;

    assert_eq!(fingerprint(body).await == original, is_equal);
}

#[rstest]
#[case::as_much(&["*"], 201)]
#[case::less(&["keys:write"], 403)]
#[actix_web::test]
async fn the_secret_of_a_key_that_has_ended_is_shown_again_to_whoever_may_do_as_much(
    #[case] scopes: &[&str],
    #[case] status: u16,
) {
    let mut body = new_key();
    body["expires_at"] = json!("2026-11-20T12:00:01Z");
    let (_, kept) = remembering(inserted(), making(&body)).await;
    let later = FixedClock::at("2026-11-20T13:00:00Z");
    let bench = Bench::new().with(|parts| {
        parts.invoicing.clock = later;
        parts.authenticator = knowing(scopes);
    });

    let uow = claiming(FakeUnitOfWork::default(), Claim::Replay(kept));
    let got = bench.over(uow).send(keyed(making(&body))).await;

    assert_eq!(got.status.as_u16(), status);
    assert_eq!(got.json()["secret"].is_string(), status == 201);
}
