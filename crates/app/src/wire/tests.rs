use domain::invoicing::InvoiceStatus;
use rstest::rstest;
use serde_json::json;

use super::*;

#[derive(Debug, PartialEq, serde::Serialize, Deserialize)]
struct Sample {
    #[serde(with = "instant")]
    at: Timestamp,
    #[serde(with = "optional_instant")]
    until: Option<Timestamp>,
    #[serde(with = "invoice_status")]
    status: InvoiceStatus,
}

fn sample() -> Sample {
    Sample {
        at: "2026-11-20T13:02:11.5+01:00".parse().unwrap(),
        until: None,
        status: InvoiceStatus::Overdue,
    }
}

#[rstest]
#[case::without_an_end(sample(), json!(null))]
#[case::with_one(
    Sample { until: Some(Timestamp::UNIX_EPOCH), ..sample() },
    json!("1970-01-01T00:00:00.000000Z")
)]
fn instants_are_in_utc_with_six_digits_and_read_back(
    #[case] sample: Sample,
    #[case] until: serde_json::Value,
) {
    let written = json!(sample);

    let expected =
        json!({"at": "2026-11-20T12:02:11.500000Z", "until": until, "status": "overdue"});
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_value::<Sample>(written).unwrap(), sample);
}

#[test]
fn statuses_are_their_words_and_read_back() {
    for status in InvoiceStatus::ALL {
        let written = json!(Sample { status, ..sample() });

        assert_eq!(written["status"], status.code());
        let read: Sample = serde_json::from_value(written).unwrap();
        assert_eq!(read.status, status);
    }
}

#[rstest]
#[case::a_word_that_is_no_status("status", json!("settled"))]
#[case::a_number_as_a_status("status", json!(1))]
#[case::a_day_as_an_instant("at", json!("2026-11-20"))]
#[case::a_word_as_an_optional_instant("until", json!("never"))]
fn what_does_not_read_is_refused(#[case] field: &str, #[case] value: serde_json::Value) {
    let mut written = json!(sample());
    written[field] = value;

    let read = serde_json::from_value::<Sample>(written);

    assert!(read.is_err());
}
