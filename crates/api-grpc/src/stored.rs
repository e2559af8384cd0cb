//! Answers as they are stored under an idempotency key, to be given again.

use api_shared::problem::{Refusal, catalogue::INTERNAL_ERROR};
use prost::Message;
use tonic::{Code, Status};
use tonic_types::pb;

/// Comes first, so that what is stored is never taken for something else.
const MESSAGE: u8 = 1;
const STATUS: u8 = 2;

/// An answer that was stored.
pub(crate) enum Stored<A> {
    /// What was answered.
    Message(A),
    /// What the call was refused with.
    Status(Status),
}

/// A stored answer cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored answer cannot be read")]
pub(crate) struct Unreadable;

/// An answer, to be stored.
pub(crate) fn message(answer: &impl Message) -> Vec<u8> {
    let mut stored = vec![MESSAGE];
    stored.extend(answer.encode_to_vec());
    stored
}

/// A refusal, to be stored.
pub(crate) fn status(status: &Status) -> Vec<u8> {
    let plain = pb::Status {
        code: status.code().into(),
        message: status.message().to_owned(),
        details: Vec::new(),
    };
    // The details are a whole status, as they go over the wire; a status without details is written out here.
    let details = status.details();
    let mut stored = vec![STATUS];
    if details.is_empty() {
        stored.extend(plain.encode_to_vec());
    } else {
        stored.extend(details);
    }
    stored
}

/// Reads what was stored.
pub(crate) fn read<A: Message + Default>(stored: &[u8]) -> Result<Stored<A>, Refusal> {
    let unreadable = || Refusal::of(&INTERNAL_ERROR).caused_by(&Unreadable);
    match stored.split_first() {
        Some((&MESSAGE, rest)) => {
            let answer = A::decode(rest).map_err(|_| unreadable())?;
            Ok(Stored::Message(answer))
        }
        Some((&STATUS, rest)) => {
            let plain = pb::Status::decode(rest).map_err(|_| unreadable())?;
            let details = rest.to_vec().into();
            let code = Code::from(plain.code);
            Ok(Stored::Status(Status::with_details(
                code,
                plain.message,
                details,
            )))
        }
        _ => Err(unreadable()),
    }
}

#[cfg(test)]
mod tests {
    use api_shared::problem::catalogue::INSUFFICIENT_FUNDS;
    use tonic_types::StatusExt as _;

    use super::*;
    use crate::{proto::v1::GetInvoiceRequest, status::status_of};

    #[test]
    fn a_message_reads_back() {
        let answer = GetInvoiceRequest { id: "1".to_owned() };

        let read = read::<GetInvoiceRequest>(&message(&answer));

        assert!(matches!(read, Ok(Stored::Message(it)) if it == answer));
    }

    #[test]
    fn a_status_reads_back_with_its_details() {
        let refused = status_of(&Refusal::of(&INSUFFICIENT_FUNDS).because("too poor"), "r-1");

        let read = read::<GetInvoiceRequest>(&status(&refused));

        let Ok(Stored::Status(status)) = read else {
            panic!("a status");
        };
        assert_eq!(
            (status.code(), status.message()),
            (Code::FailedPrecondition, "too poor")
        );
        let info = status.get_error_details().error_info().cloned();
        assert_eq!(info.unwrap().reason, "INSUFFICIENT_FUNDS");
    }

    #[test]
    fn what_was_not_stored_by_us_is_not_answered() {
        for foreign in [&b""[..], b"\x07", b"\x02\xff\xff"] {
            assert!(read::<GetInvoiceRequest>(foreign).is_err());
        }
    }
}
