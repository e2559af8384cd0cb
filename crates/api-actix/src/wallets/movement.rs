//! How much of what is moved from or to a wallet.

use app::ledger::{Ask, Party, TransferRequest};
use domain::{
    ledger::{TransferAmount, TransferDetails, TransferKind},
    values::Currency,
    wallets::Wallet,
};
use utoipa::ToSchema;

use crate::{
    input::{
        Fields,
        readers::{currency, integer},
    },
    ledger::new_details,
    schemas,
};

/// Money that comes from outside or goes there.
#[derive(ToSchema)]
#[schema(example = json!({"amount_minor": 10_000, "reference": "till-7"}))]
#[expect(dead_code, reason = "the schema of what `new_movement` reads")]
pub(super) struct NewWalletMovement {
    /// How much.
    amount_minor: schemas::TransferAmountMinor,
    /// What the wallet is in. It is checked if it is given.
    currency: Option<schemas::CurrencyCode>,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// What it belongs to, in your own system.
    reference: Option<schemas::TransferReferenceText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// How much of what is moved, and what for.
pub(super) struct Movement {
    amount: TransferAmount,
    currency: Option<Currency>,
    details: TransferDetails,
}

impl Movement {
    /// The transfer that it is: in the currency of this wallet, unless it says otherwise.
    pub(super) fn between(self, parties: [Party; 2], kind: TransferKind, wallet: Wallet) -> Ask {
        let [source, destination] = parties;
        Ask::Together(vec![TransferRequest {
            kind,
            source,
            destination,
            amount: self.amount,
            currency: self.currency.unwrap_or(wallet.currency),
            details: self.details,
        }])
    }
}

/// Reads how much of what is to be moved, and what for.
pub(super) fn new_movement(fields: &mut Fields<'_>) -> Option<Movement> {
    let amount = fields.required("amount_minor", integer(TransferAmount::from_minor));
    let currency = fields.optional("currency", currency);
    let details = new_details(fields);
    Some(Movement {
        amount: amount?,
        currency: currency?,
        details: details?,
    })
}
