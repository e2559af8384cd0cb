//! The fields of a payment and of a refund in a request. Which of them there have to be depends on the sort of payment.

use app::{
    payments::{AcceptPayment, NewExternal, NewKind, RefundPayment},
    platform::Caller,
};
use domain::{
    ids::{AccountId, InvoiceId, PaymentId},
    ledger::{TransferAmount, TransferDescription},
    payments::{Direction, PaymentType, ProviderName, RefundReason, refuse_card_number},
    values::{InvalidValue, Metadata},
};

use crate::input::{
    Fields, Value,
    readers::{currency, id, integer, metadata, text},
};

/// What of a new payment depends on its sort.
struct Sides {
    source: Option<AccountId>,
    destination: Option<AccountId>,
    provider: Option<ProviderName>,
    direction: Option<Direction>,
    provider_data: Option<Metadata>,
}

/// Reads a new payment.
pub fn new_payment(fields: &mut Fields<'_>, caller: Caller) -> Option<AcceptPayment> {
    let payment_type = fields.required("payment_type", text(PaymentType::parse));
    let sides = sides(fields);
    let amount = fields.required("amount_minor", integer(TransferAmount::from_minor));
    let currency = fields.required("currency", currency);
    let invoice_id = fields.optional("invoice_id", id(InvoiceId::from_uuid));
    let description = fields.optional(
        "description",
        text(without_card(TransferDescription::parse)),
    );
    let metadata = fields.optional("metadata", notes_without_cards);
    let kind = match payment_type? {
        PaymentType::InternalTransfer => internal(fields, &sides?),
        PaymentType::ExternalPayment => external(fields, &sides?),
    };
    Some(AcceptPayment {
        caller,
        kind: kind?,
        amount: amount?,
        currency: currency?,
        invoice_id: invoice_id?,
        description: description?,
        metadata: metadata?.unwrap_or_default(),
    })
}

/// Of what is given back, all but the payment.
pub struct NewRefund {
    amount: Option<TransferAmount>,
    reason: Option<RefundReason>,
    metadata: Metadata,
}

impl NewRefund {
    /// The refund of a payment.
    pub fn of(self, payment_id: PaymentId, caller: Caller) -> RefundPayment {
        RefundPayment {
            caller,
            payment_id,
            amount: self.amount,
            reason: self.reason,
            metadata: self.metadata,
        }
    }
}

/// Reads a new refund.
pub fn new_refund(fields: &mut Fields<'_>) -> Option<NewRefund> {
    let amount = fields.optional("amount_minor", integer(TransferAmount::from_minor));
    let reason = fields.optional("reason", text(without_card(RefundReason::parse)));
    let metadata = fields.optional("metadata", notes_without_cards);
    Some(NewRefund {
        amount: amount?,
        reason: reason?,
        metadata: metadata?.unwrap_or_default(),
    })
}

fn sides(fields: &mut Fields<'_>) -> Option<Sides> {
    let source = fields.optional("source_account_id", id(AccountId::from_uuid));
    let destination = fields.optional("destination_account_id", id(AccountId::from_uuid));
    let provider = fields.optional("provider", text(ProviderName::parse));
    let direction = fields.optional("direction", text(Direction::parse));
    let provider_data = fields.optional("provider_data", notes_without_cards);
    Some(Sides {
        source: source?,
        destination: destination?,
        provider: provider?,
        direction: direction?,
        provider_data: provider_data?,
    })
}

fn internal(fields: &mut Fields<'_>, sides: &Sides) -> Option<NewKind> {
    for name in ["provider", "direction", "provider_data"] {
        refuse_if_there(fields, name, "is for external payments only");
    }
    let source = required(fields, "source_account_id", sides.source);
    let destination = required(fields, "destination_account_id", sides.destination);
    let is_strange =
        sides.provider.is_some() || sides.direction.is_some() || sides.provider_data.is_some();
    let kind = NewKind::Internal {
        source_account_id: source?,
        destination_account_id: destination?,
    };
    (!is_strange).then_some(kind)
}

fn external(fields: &mut Fields<'_>, sides: &Sides) -> Option<NewKind> {
    let provider = required(fields, "provider", sides.provider.clone());
    let direction = required(fields, "direction", sides.direction);
    let account = direction.and_then(|direction| match direction {
        Direction::Payout => {
            let is_alone = sides.destination.is_none();
            refuse_if_there(
                fields,
                "destination_account_id",
                "is not for payouts: the provider knows where the money goes",
            );
            required(fields, "source_account_id", sides.source).filter(|_| is_alone)
        }
        Direction::Charge => charged(fields, sides),
    });
    Some(NewKind::External(NewExternal {
        provider: provider?,
        direction: direction?,
        account_id: account?,
        provider_data: sides.provider_data.clone().unwrap_or_default(),
    }))
}

/// A charge has one account, where the money arrives. Clients that name the account of any external payment by
/// `source_account_id` are understood.
fn charged(fields: &mut Fields<'_>, sides: &Sides) -> Option<AccountId> {
    match (sides.source, sides.destination) {
        (Some(_), Some(_)) => fields.refuse(
            "source_account_id",
            "not_applicable",
            "is not for charges that name their destination_account_id: the money comes from the provider",
        ),
        (None, account) => required(fields, "destination_account_id", account),
        (account, None) => account,
    }
}

fn required<T>(fields: &mut Fields<'_>, name: &'static str, value: Option<T>) -> Option<T> {
    if value.is_none() && !fields.has(name) {
        return fields.refuse(name, "required", "must be given");
    }
    value
}

fn refuse_if_there(fields: &mut Fields<'_>, name: &'static str, message: &'static str) {
    if fields.has(name) {
        let _noted: Option<()> = fields.refuse(name, "not_applicable", message);
    }
}

/// Reads a text that has no number of a card in it.
fn without_card<T>(
    parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
) -> impl FnOnce(&str) -> Result<T, InvalidValue> {
    |raw| {
        refuse_card_number(raw)?;
        parse(raw)
    }
}

/// Reads notes that have no number of a card in them.
fn notes_without_cards(value: Value<'_>) -> Option<Metadata> {
    let notes = metadata(value)?;
    let mut is_clean = true;
    for (key, text) in notes.pairs() {
        let checked = refuse_card_number(text).and_then(|()| refuse_card_number(key));
        if let Err(why) = checked {
            value.refuse_entry(key, why.code(), why.to_string());
            is_clean = false;
        }
    }
    is_clean.then_some(notes)
}
