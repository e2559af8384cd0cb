//! What PayPal's answers mean.

use app::ports::ProviderWork;
use domain::payments::{AnswerCode, Outcome, ProviderAnswer, ProviderReference};

use crate::http::Reply;

/// The meaning of the answer to a request that does this work.
pub(super) fn meaning(work: &ProviderWork, reply: &Reply) -> ProviderAnswer {
    if !reply.is_success() {
        return meaning_of_error(reply);
    }
    match work {
        ProviderWork::Charge => meaning_of_order(reply),
        ProviderWork::Refund { .. } => meaning_of(reply, ("/id", "/status"), outcome_of_refund),
        ProviderWork::Payout => meaning_of_payout(reply),
        ProviderWork::Recall { .. } => ProviderAnswer::of(Outcome::Unknown, "unreadable"),
    }
}

/// The meaning of the answer to a request that asks for something by its name. A charge goes by the name of its capture.
pub(super) fn meaning_of_named(work: &ProviderWork, reply: &Reply) -> ProviderAnswer {
    match work {
        ProviderWork::Charge if reply.is_success() => {
            meaning_of(reply, ("/id", "/status"), outcome_of_capture)
        }
        _ => meaning(work, reply),
    }
}

/// An order tells of its capture; without one, no money has moved, nor will it: orders are captured when they are made. One
/// that is complete and does not tell of its capture was captured under a name that is still to be found out.
fn meaning_of_order(reply: &Reply) -> ProviderAnswer {
    const CAPTURE: &str = "/purchase_units/0/payments/captures/0";
    if reply.body.pointer(CAPTURE).is_some() {
        let places = (
            "/purchase_units/0/payments/captures/0/id",
            "/purchase_units/0/payments/captures/0/status",
        );
        return meaning_of(reply, places, outcome_of_capture);
    }
    let Some(status) = reply.text("/status") else {
        return ProviderAnswer::of(Outcome::Unknown, "unreadable");
    };
    ProviderAnswer {
        outcome: outcome_of_bare_order(status),
        code: AnswerCode::from_provider(status),
        reference: None,
    }
}

/// Its one item tells more than the batch, as soon as there is one.
fn meaning_of_payout(reply: &Reply) -> ProviderAnswer {
    let id = "/batch_header/payout_batch_id";
    if reply.text("/items/0/transaction_status").is_some() {
        meaning_of(reply, (id, "/items/0/transaction_status"), outcome_of_item)
    } else {
        meaning_of(reply, (id, "/batch_header/batch_status"), outcome_of_batch)
    }
}

fn meaning_of(
    reply: &Reply,
    (id, status): (&str, &str),
    outcome_of: fn(&str) -> Outcome,
) -> ProviderAnswer {
    let reference = reply.text(id).map(ProviderReference::parse);
    let (Some(status), Some(Ok(reference))) = (reply.text(status), reference) else {
        return ProviderAnswer::of(Outcome::Unknown, "unreadable");
    };
    ProviderAnswer {
        outcome: outcome_of(status),
        code: AnswerCode::from_provider(status),
        reference: Some(reference),
    }
}

/// What was given back had been taken before.
fn outcome_of_capture(status: &str) -> Outcome {
    match status {
        "COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED" => Outcome::Succeeded,
        "PENDING" => Outcome::Pending,
        "DECLINED" | "FAILED" => Outcome::Declined,
        _ => Outcome::Unknown,
    }
}

fn outcome_of_bare_order(status: &str) -> Outcome {
    match status {
        "CREATED" | "SAVED" | "APPROVED" | "VOIDED" | "PAYER_ACTION_REQUIRED" => Outcome::Declined,
        _ => Outcome::Unknown,
    }
}

fn outcome_of_refund(status: &str) -> Outcome {
    match status {
        "COMPLETED" => Outcome::Succeeded,
        "PENDING" => Outcome::Pending,
        "CANCELLED" | "FAILED" => Outcome::Declined,
        _ => Outcome::Unknown,
    }
}

/// A batch that was a success may still hold an item that was none.
fn outcome_of_batch(status: &str) -> Outcome {
    match status {
        "NEW" | "PENDING" | "PROCESSING" | "SUCCESS" => Outcome::Pending,
        "DENIED" | "CANCELED" => Outcome::Declined,
        _ => Outcome::Unknown,
    }
}

/// What came back to the sender has not been paid out.
fn outcome_of_item(status: &str) -> Outcome {
    match status {
        "SUCCESS" => Outcome::Succeeded,
        "NEW" | "PENDING" | "UNCLAIMED" | "ONHOLD" => Outcome::Pending,
        "FAILED" | "DENIED" | "BLOCKED" | "RETURNED" | "REFUNDED" | "REVERSED" => Outcome::Declined,
        _ => Outcome::Unknown,
    }
}

fn meaning_of_error(reply: &Reply) -> ProviderAnswer {
    let issue = reply.text("/details/0/issue").or(reply.text("/name"));
    let (outcome, otherwise) = outcome_of_error(reply.status, issue.unwrap_or_default());
    ProviderAnswer {
        outcome,
        code: AnswerCode::from_provider(issue.unwrap_or(otherwise)),
        reference: None,
    }
}

/// With the code of an error that has none.
///
/// `Retryable` is only what PayPal has refused before it did anything. A refusal without an issue is not PayPal's but of
/// somebody in between, who may have said so instead of passing PayPal's answer on.
fn outcome_of_error(status: u16, issue: &str) -> (Outcome, &'static str) {
    match (status, issue) {
        // Something was done for this key, or is being done.
        (
            _,
            "DUPLICATE_INVOICE_ID"
            | "DUPLICATE_REQUEST_ID"
            | "PREVIOUS_REQUEST_IN_PROGRESS"
            | "ORDER_ALREADY_CAPTURED",
        ) => (Outcome::Unknown, "duplicate"),
        (408 | 409, _) => (Outcome::Unknown, "conflict"),
        (429, _) => (Outcome::Retryable, "rate_limit"),
        // Our own credentials are wrong, not the payment: somebody can mend that.
        (401 | 403, _) => (Outcome::Retryable, "unauthorized"),
        (400..=499, "") => (Outcome::Unknown, "unreadable"),
        (400..=499, _) => (Outcome::Declined, "invalid_request"),
        (500..=599, _) => (Outcome::Unknown, "internal_server_error"),
        _ => (Outcome::Unknown, "unreadable"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::fixtures::works;

    fn told(work: usize, status: u16, body: Value) -> String {
        let work = works("X1")[work].clone();
        spelt(&meaning(&work, &Reply { status, body }))
    }

    fn spelt(answer: &ProviderAnswer) -> String {
        let reference = answer.reference.as_ref();
        let reference = reference.map_or("-", ProviderReference::as_str);
        format!("{} {} {reference}", answer.outcome.code(), answer.code)
    }

    #[rstest]
    #[case("COMPLETED", "succeeded completed C1")]
    #[case("PARTIALLY_REFUNDED", "succeeded partially_refunded C1")]
    #[case("REFUNDED", "succeeded refunded C1")]
    #[case("PENDING", "pending pending C1")]
    #[case("DECLINED", "declined declined C1")]
    #[case("FAILED", "declined failed C1")]
    #[case("NEWS", "unknown news C1")]
    fn captures_mean(#[case] status: &str, #[case] expected: &str) {
        let capture = json!({"id": "C1", "status": status});
        let order = json!({"id": "O1", "status": "COMPLETED",
            "purchase_units": [{"payments": {"captures": [capture]}}]});

        assert_eq!(told(0, 201, order), expected);
        let named = Reply {
            status: 200,
            body: capture,
        };
        let named = meaning_of_named(&ProviderWork::Charge, &named);
        assert_eq!(spelt(&named), expected);
    }

    #[rstest]
    #[case("CREATED", "declined created -")]
    #[case("SAVED", "declined saved -")]
    #[case("APPROVED", "declined approved -")]
    #[case("VOIDED", "declined voided -")]
    #[case("PAYER_ACTION_REQUIRED", "declined payer_action_required -")]
    #[case("COMPLETED", "unknown completed -")]
    #[case("NEWS", "unknown news -")]
    fn orders_without_a_capture_mean_and_give_no_name_to_ask_for(
        #[case] status: &str,
        #[case] expected: &str,
    ) {
        let minimal = json!({"id": "O1", "status": status});
        let mut order = minimal.clone();
        order["purchase_units"] = json!([{}]);

        assert_eq!(told(0, 201, minimal), expected);
        assert_eq!(told(0, 201, order), expected);
    }

    #[rstest]
    #[case("COMPLETED", "succeeded completed R1")]
    #[case("PENDING", "pending pending R1")]
    #[case("CANCELLED", "declined cancelled R1")]
    #[case("FAILED", "declined failed R1")]
    #[case("NEWS", "unknown news R1")]
    fn refunds_mean(#[case] status: &str, #[case] expected: &str) {
        assert_eq!(
            told(2, 201, json!({"id": "R1", "status": status})),
            expected
        );
    }

    #[rstest]
    #[case("PENDING", "pending pending B1")]
    #[case("PROCESSING", "pending processing B1")]
    #[case("SUCCESS", "pending success B1")]
    #[case("DENIED", "declined denied B1")]
    #[case("CANCELED", "declined canceled B1")]
    #[case("NEWS", "unknown news B1")]
    fn batches_mean(#[case] status: &str, #[case] expected: &str) {
        let batch = json!({"batch_header": {"payout_batch_id": "B1", "batch_status": status}});

        assert_eq!(told(1, 201, batch), expected);
    }

    #[rstest]
    #[case("SUCCESS", "succeeded success B1")]
    #[case("PENDING", "pending pending B1")]
    #[case("UNCLAIMED", "pending unclaimed B1")]
    #[case("ONHOLD", "pending onhold B1")]
    #[case("FAILED", "declined failed B1")]
    #[case("DENIED", "declined denied B1")]
    #[case("BLOCKED", "declined blocked B1")]
    #[case("RETURNED", "declined returned B1")]
    #[case("REFUNDED", "declined refunded B1")]
    #[case("REVERSED", "declined reversed B1")]
    #[case("NEWS", "unknown news B1")]
    fn items_mean(#[case] status: &str, #[case] expected: &str) {
        let batch = json!({"batch_header": {"payout_batch_id": "B1", "batch_status": "SUCCESS"},
            "items": [{"transaction_status": status}]});

        assert_eq!(told(1, 200, batch), expected);
    }

    #[rstest]
    #[case(422, json!({"name": "UNPROCESSABLE_ENTITY", "details": [{"issue": "INSTRUMENT_DECLINED"}]}), "declined instrument_declined -")]
    #[case(422, json!({"details": [{"issue": "DUPLICATE_INVOICE_ID"}]}), "unknown duplicate_invoice_id -")]
    #[case(422, json!({"details": [{"issue": "PREVIOUS_REQUEST_IN_PROGRESS"}]}), "unknown previous_request_in_progress -")]
    #[case(400, json!({"name": "INVALID_REQUEST"}), "declined invalid_request -")]
    #[case(404, json!({"name": "RESOURCE_NOT_FOUND"}), "declined resource_not_found -")]
    #[case(401, json!({"error": "invalid_token"}), "retryable unauthorized -")]
    #[case(403, json!({"name": "NOT_AUTHORIZED"}), "retryable not_authorized -")]
    #[case(408, json!({}), "unknown conflict -")]
    #[case(409, json!({"name": "RESOURCE_CONFLICT"}), "unknown resource_conflict -")]
    #[case(429, json!({"name": "RATE_LIMIT_REACHED"}), "retryable rate_limit_reached -")]
    #[case(500, json!({"name": "INTERNAL_SERVER_ERROR"}), "unknown internal_server_error -")]
    #[case(503, Value::Null, "unknown internal_server_error -")]
    #[case(302, Value::Null, "unknown unreadable -")]
    #[case(400, Value::Null, "unknown unreadable -")]
    #[case(404, Value::Null, "unknown unreadable -")]
    #[case(405, Value::Null, "unknown unreadable -")]
    #[case(413, Value::Null, "unknown unreadable -")]
    #[case(404, json!({"error": "no such host"}), "unknown unreadable -")]
    fn errors_mean(#[case] status: u16, #[case] error: Value, #[case] expected: &str) {
        for work in 0..3 {
            assert_eq!(told(work, status, error.clone()), expected);
        }
    }

    #[rstest]
    fn what_cannot_be_read_tells_nothing(#[values(0, 1, 2, 3)] work: usize) {
        assert_eq!(told(work, 200, Value::Null), "unknown unreadable -");
    }
}
