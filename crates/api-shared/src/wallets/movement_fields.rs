//! How much of what is moved from, to or between wallets.

use app::ledger::{Ask, Party, TransferRequest};
use domain::{
    ledger::{TransferAmount, TransferDetails, TransferKind},
    values::Currency,
    wallets::{Username, Wallet},
};

use crate::{
    input::{
        Fields,
        readers::{currency, integer, text},
    },
    ledger::new_details,
};

/// How much of what is moved, and what for.
pub struct WalletMovement {
    amount: TransferAmount,
    currency: Option<Currency>,
    details: TransferDetails,
}

impl WalletMovement {
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
pub fn new_wallet_movement(fields: &mut Fields<'_>) -> Option<WalletMovement> {
    let amount = fields.required("amount_minor", integer(TransferAmount::from_minor));
    let currency = fields.optional("currency", currency);
    let details = new_details(fields);
    Some(WalletMovement {
        amount: amount?,
        currency: currency?,
        details: details?,
    })
}

/// What one user pays another.
pub struct Payment {
    pub(super) from: Username,
    pub(super) to: Username,
    pub(super) movement: WalletMovement,
}

/// Reads what one user is to pay another.
pub fn new_payment(fields: &mut Fields<'_>) -> Option<Payment> {
    let from = fields.required("from_username", text(Username::parse));
    let to = fields.required("to_username", text(Username::parse));
    let movement = new_wallet_movement(fields);
    Some(Payment {
        from: from?,
        to: to?,
        movement: movement?,
    })
}
