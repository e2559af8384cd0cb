//! The fields of a batch of transfers in a request.

use app::ledger::{Ask, TransferRequest};
use domain::{ledger::Rejection, values::InvalidValue};

use super::{rejection::kind_of, transfer_fields::new_transfer};
use crate::{
    input::{
        Fields, Value,
        readers::{object, text},
    },
    problem::{Fault, Place, Refusal, catalogue::BATCH_REJECTED},
};

/// The most transfers of a batch.
const TRANSFERS_MAX: usize = 1_000;

/// Reads transfers that are to be posted at once.
pub fn new_batch(fields: &mut Fields<'_>) -> Option<Ask> {
    let ask = fields.required("mode", text(parse_mode));
    let transfers = fields.required("transfers", transfers);
    Some(ask?(transfers?))
}

fn parse_mode(raw: &str) -> Result<fn(Vec<TransferRequest>) -> Ask, InvalidValue> {
    match raw {
        "atomic" => Ok(Ask::Together),
        "independent" => Ok(Ask::Each),
        _ => Err(InvalidValue::Unsupported {
            expected: "atomic or independent",
        }),
    }
}

fn transfers(value: Value<'_>) -> Option<Vec<TransferRequest>> {
    let transfers = value.list(|item| object(new_transfer)(item))?;
    match transfers.len() {
        0 => value.refuse("too_short", "must have at least one transfer"),
        1..=TRANSFERS_MAX => Some(transfers),
        _ => value.refuse("too_long", "must have at most 1000 transfers"),
    }
}

/// Why none of an atomic batch was posted.
pub fn batch_refusal(rejections: &[(usize, Rejection)]) -> Refusal {
    let fault = |(place, why): &(usize, Rejection)| {
        let pointer = Place::Pointer(format!("/transfers/{place}"));
        Fault::new(&BATCH_REJECTED, pointer, kind_of(why).code, why.to_string())
    };
    let count = rejections.len();
    Refusal::of(&BATCH_REJECTED)
        .because(format_args!(
            "{count} of the transfers cannot be posted, which errors lists; none was"
        ))
        .with_faults(rejections.iter().map(fault).collect())
}
