//! What Stripe's answers mean.

use app::ports::ProviderWork;
use domain::payments::{AnswerCode, Outcome, ProviderAnswer, ProviderReference};

use crate::http::Reply;

/// The meaning of an answer about an order of this work: to the request that does it, or to one that asks for it.
pub(super) fn meaning(work: &ProviderWork, reply: &Reply) -> ProviderAnswer {
    if reply.is_success() {
        meaning_of_object(work, reply)
    } else {
        meaning_of_error(reply)
    }
}

fn meaning_of_object(work: &ProviderWork, reply: &Reply) -> ProviderAnswer {
    let reference = reply.text("/id").map(ProviderReference::parse);
    let (Some(status), Some(Ok(reference))) = (reply.text("/status"), reference) else {
        return ProviderAnswer::of(Outcome::Unknown, "unreadable");
    };
    let outcome = match work {
        ProviderWork::Charge => outcome_of_charge(status),
        ProviderWork::Refund { .. } => outcome_of_refund(status),
        ProviderWork::Payout | ProviderWork::Recall { .. } => outcome_of_payout(status),
    };
    // A refusal tells its reason elsewhere.
    let reason = REASONS.iter().find_map(|place| reply.text(place));
    let code = match outcome {
        Outcome::Declined => reason.unwrap_or(status),
        _ => status,
    };
    ProviderAnswer {
        outcome,
        code: AnswerCode::from_provider(code),
        reference: Some(reference),
    }
}

const REASONS: [&str; 4] = [
    "/last_payment_error/decline_code",
    "/last_payment_error/code",
    "/failure_reason",
    "/failure_code",
];

/// The states of a `PaymentIntent`. One that waits for its payer waits in vain: nobody gets to see its secret.
fn outcome_of_charge(status: &str) -> Outcome {
    match status {
        "succeeded" => Outcome::Succeeded,
        "processing" | "requires_capture" => Outcome::Pending,
        "requires_payment_method" | "requires_confirmation" | "requires_action" | "canceled" => {
            Outcome::Declined
        }
        _ => Outcome::Unknown,
    }
}

fn outcome_of_refund(status: &str) -> Outcome {
    match status {
        "succeeded" => Outcome::Succeeded,
        "pending" | "requires_action" => Outcome::Pending,
        "failed" | "canceled" => Outcome::Declined,
        _ => Outcome::Unknown,
    }
}

fn outcome_of_payout(status: &str) -> Outcome {
    match status {
        "paid" => Outcome::Succeeded,
        "pending" | "in_transit" => Outcome::Pending,
        "failed" | "canceled" => Outcome::Declined,
        _ => Outcome::Unknown,
    }
}

fn meaning_of_error(reply: &Reply) -> ProviderAnswer {
    let kind = reply.text("/error/type").unwrap_or_default();
    let code = reply.text("/error/code");
    let decline = reply.text("/error/decline_code");
    let intent = reply.text("/error/payment_intent/id");
    let (outcome, otherwise) = outcome_of_error(reply.status, (kind, code.unwrap_or_default()));
    ProviderAnswer {
        outcome,
        code: AnswerCode::from_provider(decline.or(code).unwrap_or(otherwise)),
        reference: intent.and_then(|id| ProviderReference::parse(id).ok()),
    }
}

/// With the code of an error that has none.
///
/// `Retryable` is only what Stripe has refused before it did anything. After an error of its own, or while another request of
/// the same key runs, the money may have moved: that is asked for, not repeated. A refusal without a type is not Stripe's but
/// of somebody in between, who may have said so instead of passing Stripe's answer on.
fn outcome_of_error(status: u16, (kind, code): (&str, &str)) -> (Outcome, &'static str) {
    match (status, kind, code) {
        (_, "card_error", _) => (Outcome::Declined, "card_error"),
        (_, "idempotency_error", _) => (Outcome::Unknown, "idempotency_error"),
        (409, _, "idempotency_key_in_use") => (Outcome::Unknown, "idempotency_key_in_use"),
        (429, ..) => (Outcome::Retryable, "rate_limit"),
        // Our own key is wrong, not the payment: somebody can mend that.
        (401 | 403, ..) => (Outcome::Retryable, "unauthorized"),
        (408 | 424, ..) => (Outcome::Unknown, "dependency_failed"),
        (400..=499, "", _) => (Outcome::Unknown, "unreadable"),
        (409, ..) => (Outcome::Retryable, "conflict"),
        (402, ..) => (Outcome::Declined, "card_error"),
        (400..=499, ..) => (Outcome::Declined, "invalid_request"),
        (500..=599, ..) => (Outcome::Unknown, "api_error"),
        _ => (Outcome::Unknown, "unreadable"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::fixtures::works;

    fn reply(status: u16, body: Value) -> Reply {
        Reply { status, body }
    }

    fn spelt(answer: &ProviderAnswer) -> String {
        format!("{} {}", answer.outcome.code(), answer.code)
    }

    /// Which objects stand for a charge, a payout, a refund and a recall, and what each of their states means.
    #[rstest]
    #[case("succeeded", "succeeded unknown succeeded unknown")]
    #[case("processing", "pending unknown unknown unknown")]
    #[case("requires_capture", "pending unknown unknown unknown")]
    #[case("requires_payment_method", "declined unknown unknown unknown")]
    #[case("requires_confirmation", "declined unknown unknown unknown")]
    #[case("requires_action", "declined unknown pending unknown")]
    #[case("canceled", "declined declined declined declined")]
    #[case("pending", "unknown pending pending pending")]
    #[case("in_transit", "unknown pending unknown pending")]
    #[case("paid", "unknown succeeded unknown succeeded")]
    #[case("failed", "unknown declined declined declined")]
    #[case("something_new", "unknown unknown unknown unknown")]
    fn states_mean(#[case] status: &str, #[case] expected: &str) {
        let reply = reply(200, json!({"id": "x_1", "status": status}));

        let outcomes = works("x_0").map(|work| meaning(&work, &reply).outcome.code());

        assert_eq!(outcomes.join(" "), expected);
    }

    #[rstest]
    #[case(402, json!({"type": "card_error", "code": "card_declined", "decline_code": "lost_card"}), "declined lost_card")]
    #[case(402, json!({"type": "card_error", "code": "authentication_required"}), "declined authentication_required")]
    #[case(402, json!({"type": "api_error"}), "declined card_error")]
    #[case(400, json!({"type": "idempotency_error"}), "unknown idempotency_error")]
    #[case(400, json!({"type": "invalid_request_error", "code": "amount_too_small"}), "declined amount_too_small")]
    #[case(400, json!({"type": "invalid_request_error"}), "declined invalid_request")]
    #[case(404, json!({"type": "invalid_request_error", "code": "resource_missing"}), "declined resource_missing")]
    #[case(401, json!({"type": "invalid_request_error"}), "retryable unauthorized")]
    #[case(403, json!({}), "retryable unauthorized")]
    #[case(408, json!({}), "unknown dependency_failed")]
    #[case(424, json!({}), "unknown dependency_failed")]
    #[case(409, json!({"code": "idempotency_key_in_use"}), "unknown idempotency_key_in_use")]
    #[case(409, json!({"type": "invalid_request_error"}), "retryable conflict")]
    #[case(429, json!({"code": "lock_timeout"}), "retryable lock_timeout")]
    #[case(429, json!({}), "retryable rate_limit")]
    #[case(500, json!({"type": "api_error"}), "unknown api_error")]
    #[case(502, json!({}), "unknown api_error")]
    #[case(503, json!({}), "unknown api_error")]
    #[case(504, json!({}), "unknown api_error")]
    #[case(302, json!({}), "unknown unreadable")]
    fn errors_mean(#[case] status: u16, #[case] error: Value, #[case] expected: &str) {
        let reply = reply(status, json!({"error": error}));

        for work in works("x_0") {
            assert_eq!(spelt(&meaning(&work, &reply)), expected);
        }
    }

    #[rstest]
    fn a_refusal_that_is_not_of_stripe_tells_nothing(
        #[values(400, 402, 404, 405, 408, 409, 413, 422)] status: u16,
        #[values(Value::Null, json!({}), json!({"error": "no such host"}))] body: Value,
    ) {
        for work in works("x_0") {
            let answer = meaning(&work, &reply(status, body.clone()));
            assert_eq!(answer.outcome, Outcome::Unknown);
        }
    }

    #[rstest]
    #[case::no_json(Value::Null)]
    #[case::no_status(json!({"id": "pi_1"}))]
    #[case::no_id(json!({"status": "succeeded"}))]
    #[case::an_impossible_id(json!({"status": "succeeded", "id": ""}))]
    #[case::another_type(json!({"status": 1, "id": "pi_1"}))]
    fn what_cannot_be_read_tells_nothing(#[case] body: Value) {
        let answer = meaning(&ProviderWork::Charge, &reply(200, body));

        assert_eq!(spelt(&answer), "unknown unreadable");
    }

    #[test]
    fn a_refusal_tells_its_reason_and_what_it_is_about() {
        let intent = json!({"id": "pi_1", "status": "requires_payment_method",
            "last_payment_error": {"code": "card_declined", "decline_code": "do_not_honor"}});
        let error = json!({"error": {"type": "card_error", "code": "card_declined", "payment_intent": {"id": "pi_2"}}});

        let of_object = meaning(&ProviderWork::Charge, &reply(200, intent));
        let of_error = meaning(&ProviderWork::Charge, &reply(402, error));

        let told = [of_object, of_error]
            .map(|it| format!("{} {}", it.code, it.reference.unwrap().as_str()));
        assert_eq!(told, ["do_not_honor pi_1", "card_declined pi_2"]);
    }
}
