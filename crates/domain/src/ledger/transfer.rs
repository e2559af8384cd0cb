//! Transfers that were posted. They never change.

use super::{Posting, TransferOrder};
use crate::values::InvalidValue;

/// What sort of transfer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// Between two accounts of a client's.
    Transfer,
    /// From outside.
    Deposit,
    /// To outside.
    Withdrawal,
    /// What an account begins with.
    OpeningBalance,
    /// Takes another transfer back.
    Reversal,
    /// Takes what was held.
    HoldCapture,
    /// What a customer owes for an issued invoice, and what of it was earned or is tax.
    InvoiceIssued,
    /// What a customer has paid for an invoice.
    InvoicePaid,
    /// Takes back what a cancelled invoice had posted.
    InvoiceCancelled,
    /// Gives back what a customer had paid for an invoice.
    InvoiceRefunded,
    /// A payment between two accounts of a client's.
    Payment,
    /// Gives back a payment between two accounts.
    Refund,
    /// What has moved through a provider.
    ProviderPayment,
    /// What was given back through a provider.
    ProviderRefund,
    /// What a gift voucher has brought.
    GiftRedemption,
}

impl TransferKind {
    /// All there are.
    pub const ALL: [Self; 15] = [
        Self::Transfer,
        Self::Deposit,
        Self::Withdrawal,
        Self::OpeningBalance,
        Self::Reversal,
        Self::HoldCapture,
        Self::InvoiceIssued,
        Self::InvoicePaid,
        Self::InvoiceCancelled,
        Self::InvoiceRefunded,
        Self::Payment,
        Self::Refund,
        Self::ProviderPayment,
        Self::ProviderRefund,
        Self::GiftRedemption,
    ];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Deposit => "deposit",
            Self::Withdrawal => "withdrawal",
            Self::OpeningBalance => "opening_balance",
            Self::Reversal => "reversal",
            Self::HoldCapture => "hold_capture",
            Self::InvoiceIssued => "invoice_issued",
            Self::InvoicePaid => "invoice_paid",
            Self::InvoiceCancelled => "invoice_cancelled",
            Self::InvoiceRefunded => "invoice_refunded",
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::ProviderPayment => "provider_payment",
            Self::ProviderRefund => "provider_refund",
            Self::GiftRedemption => "gift_redemption",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "a kind of transfer such as deposit",
            })
    }

    /// Whether it writes down what has already happened elsewhere: that an account is frozen does not undo it.
    pub const fn is_settlement(self) -> bool {
        matches!(self, Self::ProviderPayment | Self::ProviderRefund)
    }

    /// Whether a client may take such a transfer back. What an invoice has posted is taken back by cancelling it, a payment
    /// by a refund, a gift was given, and a reversal by posting the transfer again.
    pub const fn is_reversible(self) -> bool {
        match self {
            Self::Transfer
            | Self::Deposit
            | Self::Withdrawal
            | Self::OpeningBalance
            | Self::HoldCapture => true,
            Self::Reversal
            | Self::InvoiceIssued
            | Self::InvoicePaid
            | Self::InvoiceCancelled
            | Self::InvoiceRefunded
            | Self::Payment
            | Self::Refund
            | Self::ProviderPayment
            | Self::ProviderRefund
            | Self::GiftRedemption => false,
        }
    }
}

/// An order that was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedTransfer {
    /// What was asked for.
    pub order: TransferOrder,
    /// What was written down.
    pub posting: Posting,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for kind in TransferKind::ALL {
            assert_eq!(TransferKind::parse(kind.code()), Ok(kind));
        }
        assert!(TransferKind::parse("Deposit").is_err());
    }
}
