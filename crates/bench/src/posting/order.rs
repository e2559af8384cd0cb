//! A transfer as a client would ask for it, and how it is answered.

use anyhow::{Context as _, anyhow};
use app::{
    idempotency::KeyUse,
    ledger::{Ask, Party, PostTransfers, TransferRequest, TransferView, Verdict},
    ports::{Fingerprint, IdempotencyKey, KeyScope},
};
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::{TransferAmount, TransferDescription, TransferDetails, TransferKind},
    values::Currency,
};

use super::account_id;

/// What all accounts are in.
pub(crate) const CURRENCY: &str = "EUR";
/// No transfer is more than this.
pub(crate) const AMOUNT_MAX_MINOR: u32 = 100;
/// What every transfer is for.
const DESCRIPTION: &str = "Order 4711, two tickets for the harbour tour";

/// One as the API reads it.
pub(crate) fn transfer_json((source, destination): (u32, u32), amount_minor: u32) -> String {
    format!(
        r#"{{"source_account_id":"{}","destination_account_id":"{}","amount_minor":{amount_minor},"currency":"{CURRENCY}","description":"{DESCRIPTION}"}}"#,
        account_id(source),
        account_id(destination)
    )
}

/// The same as a payment.
pub(crate) fn payment_json((source, destination): (u32, u32), amount_minor: u32) -> String {
    format!(
        r#"{{"payment_type":"internal_transfer","source_account_id":"{}","destination_account_id":"{}","amount_minor":{amount_minor},"currency":"{CURRENCY}","description":"{DESCRIPTION}"}}"#,
        account_id(source),
        account_id(destination)
    )
}

/// A payment through the simulator, which does at once what it is told: the money leaves the account or comes to it.
pub(crate) fn simulated_json((account, is_payout): (u32, bool), amount_minor: u32) -> String {
    let (direction, side) = if is_payout {
        ("payout", "source_account_id")
    } else {
        ("charge", "destination_account_id")
    };
    format!(
        r#"{{"payment_type":"external_payment","provider":"simulator","direction":"{direction}","{side}":"{}","amount_minor":{amount_minor},"currency":"{CURRENCY}","description":"{DESCRIPTION}","metadata":{{"simulate":"success"}}}}"#,
        account_id(account)
    )
}

/// What is answered, and remembered, when a transfer is not posted.
const REJECTED: &[u8] = b"rejected";

/// What all transfers have in common.
#[derive(Debug, Clone)]
pub(super) struct Form {
    organization_id: OrganizationId,
    currency: Currency,
    details: TransferDetails,
}

impl Form {
    pub(super) fn new(organization_id: OrganizationId) -> anyhow::Result<Self> {
        let invalid = |why| anyhow!("{why:?}");
        let description = TransferDescription::parse(DESCRIPTION).map_err(invalid)?;
        Ok(Self {
            organization_id,
            currency: Currency::parse(CURRENCY).map_err(invalid)?,
            details: TransferDetails {
                description: Some(description),
                ..TransferDetails::default()
            },
        })
    }

    /// Fills it in, to be posted once under a key.
    pub(super) fn fill(
        &self,
        key: &str,
        fingerprint: Fingerprint,
        ((source, destination), amount_minor): ((u32, u32), i64),
    ) -> anyhow::Result<PostTransfers> {
        let party = |number| Party::Account(AccountId::from_uuid(account_id(number)));
        let amount = TransferAmount::from_minor(amount_minor);
        let request = TransferRequest {
            kind: TransferKind::Transfer,
            source: party(source),
            destination: party(destination),
            amount: amount.map_err(|why| anyhow!("{why:?}"))?,
            currency: self.currency,
            details: self.details.clone(),
        };
        let scope = KeyScope {
            organization_id: self.organization_id,
            key: IdempotencyKey::parse(key).context("the key is none")?,
        };
        Ok(PostTransfers {
            key: KeyUse { scope, fingerprint },
            ask: Ask::Together(vec![request]),
            render: Box::new(render),
        })
    }
}

/// Whether an answer is that of a transfer that was posted.
pub(super) fn is_posted(answer: &[u8]) -> bool {
    !answer.is_empty() && answer != REJECTED
}

/// As the API answers it.
fn render(verdict: &Verdict) -> Vec<u8> {
    let posted = match verdict {
        Verdict::Together(Ok(posted)) => posted.first(),
        Verdict::Together(Err(_)) => None,
        Verdict::Each(results) => results.first().and_then(|result| result.as_ref().ok()),
    };
    let view = posted.map(TransferView::from);
    let answer = view.and_then(|view| serde_json::to_vec(&view).ok());
    answer.unwrap_or_else(|| REJECTED.to_vec())
}

#[cfg(test)]
mod tests {
    use domain::{
        ids::TransferId,
        ledger::{Entry, Folio, PostedTransfer, Posting, Rejection, TransferOrder},
    };
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn posted() -> PostedTransfer {
        let form = Form::new(OrganizationId::from_uuid(Uuid::nil())).unwrap();
        let asked = form.fill("key", Fingerprint([1; 32]), ((1, 2), 1_234));
        let request = asked.unwrap().ask.requests()[0].clone();
        let folio = |number| Folio::whole(AccountId::from_uuid(account_id(number)));
        let entry = |number, amount_minor| Entry {
            folio: folio(number),
            sequence: 7,
            amount_minor,
            balance_after_minor: 1_000_000_000 + amount_minor,
        };
        PostedTransfer {
            order: TransferOrder {
                id: TransferId::from_uuid(Uuid::max()),
                organization_id: form.organization_id,
                kind: request.kind,
                source: folio(1),
                destination: folio(2),
                amount: request.amount,
                currency: request.currency,
                details: request.details,
            },
            posting: Posting {
                source: entry(1, -1_234),
                destination: entry(2, 1_234),
                posted_at: "2026-11-20T13:02:11.123456Z".parse::<Timestamp>().unwrap(),
            },
        }
    }

    #[test]
    fn answers_are_as_long_as_those_of_the_api() {
        let answer = render(&Verdict::Together(Ok(vec![posted()])));

        assert!(is_posted(&answer));
        assert!((500..700).contains(&answer.len()), "{}", answer.len());
    }

    #[test]
    fn what_is_refused_does_not_count_as_posted() {
        let answer = render(&Verdict::Together(Err(vec![(0, Rejection::SameAccount)])));

        assert!(!is_posted(&answer));
    }
}
