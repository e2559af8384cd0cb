use app::testing::{FakeUnitOfWork, HOLD, stored_hold};
use domain::ledger::{Hold, HoldTerm, TransferAmount};
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::{Value, json};

use super::{body, changed, keyed, posting, store};
use crate::testing::Bench;

fn holding(hold: Hold) -> FakeUnitOfWork {
    let uow = FakeUnitOfWork::default()
        .with_books(&store(30))
        .with_hold(hold);
    keyed(uow)
}

fn resolving(event: &'static str) -> FakeUnitOfWork {
    let mut uow = holding(stored_hold()).announcing(event, 2);
    uow.holds.expect_update().once().returning(|_| Ok(()));
    uow
}

#[rstest]
#[case::all_of_it(Some(json!({})), 30)]
#[case::all_of_it_without_a_word(None, 30)]
#[case::a_part(Some(json!({"amount_minor": 20})), 20)]
#[actix_web::test]
async fn a_captured_hold_names_its_transfer(#[case] asked: Option<Value>, #[case] taken: i64) {
    let request = posting(&format!("/{HOLD}/capture"), asked.as_ref());

    let got = Bench::new()
        .over(resolving("hold.captured"))
        .send(request)
        .await;

    let captured = json!({
        "status": "captured",
        "captured_minor": taken,
        "transfer_id": "00000000-0000-0000-0000-000000000001",
        "resolved_at": "2026-11-20T12:00:00.000000Z",
        "version": 2,
    });
    assert_eq!(got.status.as_u16(), 200);
    assert_eq!(got.header("etag"), "\"2\"");
    assert_eq!(got.json(), changed(body(), captured));
}

#[actix_web::test]
async fn a_voided_hold_has_moved_nothing() {
    let request = posting(&format!("/{HOLD}/void"), None);

    let got = Bench::new()
        .over(resolving("hold.voided"))
        .send(request)
        .await;

    let voided = json!({
        "status": "voided",
        "resolved_at": "2026-11-20T12:00:00.000000Z",
        "version": 2,
    });
    assert_eq!(got.status.as_u16(), 200);
    assert_eq!(got.json(), changed(body(), voided));
}

fn now() -> Timestamp {
    stored_hold().facts().created_at
}

fn voided() -> Hold {
    let mut hold = stored_hold();
    hold.void(now()).unwrap();
    Hold::restore(hold.facts().clone())
}

fn expired() -> Hold {
    let mut hold = stored_hold();
    let end = hold.facts().term.expires_at().unwrap();
    hold.expire(end).unwrap();
    Hold::restore(hold.facts().clone())
}

fn late() -> Hold {
    let mut facts = stored_hold().facts().clone();
    facts.term = HoldTerm::Until(now() - SignedDuration::from_secs(1));
    Hold::restore(facts)
}

#[rstest]
#[case::capture_twice(voided(), "capture", json!({}), 409, "hold_already_resolved")]
#[case::void_twice(voided(), "void", json!({}), 409, "hold_already_resolved")]
#[case::capture_when_swept(expired(), "capture", json!({}), 422, "hold_expired")]
#[case::capture_when_late(late(), "capture", json!({}), 422, "hold_expired")]
#[case::void_when_swept(expired(), "void", json!({}), 422, "hold_expired")]
#[case::too_much(stored_hold(), "capture", json!({"amount_minor": 31}), 422, "amount_exceeds_hold")]
#[actix_web::test]
async fn a_hold_is_resolved_once_and_in_time(
    #[case] hold: Hold,
    #[case] action: &str,
    #[case] asked: Value,
    #[case] status: u16,
    #[case] code: &str,
) {
    let bench = Bench::new()
        .over(holding(hold))
        .over(keyed(FakeUnitOfWork::default()));

    let got = bench
        .send(posting(&format!("/{HOLD}/{action}"), Some(&asked)))
        .await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}

#[rstest]
#[case("capture")]
#[case("void")]
#[actix_web::test]
async fn an_unknown_hold_is_not_found(#[case] action: &str) {
    let other = uuid::Uuid::from_u128(77);
    let bench = Bench::new()
        .over(holding(stored_hold()))
        .over(keyed(FakeUnitOfWork::default()));

    let got = bench
        .send(posting(&format!("/{other}/{action}"), None))
        .await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn an_amount_is_an_amount() {
    assert!(TransferAmount::from_minor(0).is_err());
    let asked = json!({"amount_minor": 0});

    let got = Bench::new()
        .send(posting(&format!("/{HOLD}/capture"), Some(&asked)))
        .await;

    let fault = ("/amount_minor".to_owned(), "out_of_range".to_owned());
    assert_eq!(got.faults(), [fault]);
}
