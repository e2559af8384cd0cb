//! The fields of a payment and of a refund in a request.

use std::borrow::Cow;

use domain::payments::{Direction, PaymentType};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, Ref, RefOr, Schema,
        schema::{OneOfBuilder, Type},
    },
};
use uuid::Uuid;

use crate::schemas;

/// A payment to be made: one of three sorts.
pub(super) struct NewPayment;

/// The fields of a sort of payment: its own, and those of all.
macro_rules! sort {
    ($(#[$about:meta])+ $name:ident: $($own:tt)*) => {
        #[derive(ToSchema)]
        $(#[$about])+
        #[expect(dead_code, reason = "the schema of what `new_payment` reads")]
        struct $name {
            $($own)*
            /// How much.
            amount_minor: schemas::TransferAmountMinor,
            /// What all accounts are in.
            currency: schemas::CurrencyCode,
            /// The invoice that it settles, in part or whole.
            invoice_id: Option<Uuid>,
            /// What it is for.
            description: Option<schemas::TransferDescriptionText>,
            /// Your own notes. `simulate` tells the simulator how to behave.
            metadata: Option<schemas::Metadata>,
        }
    };
}

sort! {
    /// A payment between two accounts. It is carried out at once.
    #[schema(example = json!({
        "payment_type": "internal_transfer",
        "source_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
        "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
        "amount_minor": 174_000,
        "currency": "USD",
    }))]
    NewInternalTransfer:
    /// Between two accounts.
    #[schema(schema_with = internal)]
    payment_type: &'static str,
    /// Where the money comes from.
    source_account_id: Uuid,
    /// Where the money goes.
    destination_account_id: Uuid,
}

sort! {
    /// A payment from an account to the world outside. Its money is reserved at once.
    #[schema(example = json!({
        "payment_type": "external_payment",
        "direction": "payout",
        "provider": "simulator",
        "source_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
        "amount_minor": 174_000,
        "currency": "USD",
    }))]
    NewPayout:
    /// Through a provider.
    #[schema(schema_with = external)]
    payment_type: &'static str,
    /// From an account to the world outside.
    #[schema(schema_with = payout)]
    direction: &'static str,
    /// Through which provider.
    provider: schemas::ProviderNameText,
    /// Where the money comes from. The provider knows where it goes.
    source_account_id: Uuid,
    /// What the provider needs to know, such as the token of a payment method. Never the number of a card: that is refused.
    provider_data: Option<schemas::Metadata>,
}

sort! {
    /// A payment from the world outside to an account.
    #[schema(example = json!({
        "payment_type": "external_payment",
        "direction": "charge",
        "provider": "simulator",
        "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
        "amount_minor": 174_000,
        "currency": "USD",
        "description": "Invoice INV-2026-000001",
    }))]
    NewCharge:
    /// Through a provider.
    #[schema(schema_with = external)]
    payment_type: &'static str,
    /// From the world outside to an account.
    #[schema(schema_with = charge)]
    direction: &'static str,
    /// Through which provider.
    provider: schemas::ProviderNameText,
    /// Where the money goes.
    destination_account_id: Option<Uuid>,
    /// The same, for clients that name the account of every external payment so. Exactly one of the two is given.
    source_account_id: Option<Uuid>,
    /// What the provider needs to know, such as the token of a payment method. Never the number of a card: that is refused.
    provider_data: Option<schemas::Metadata>,
}

impl PartialSchema for NewPayment {
    fn schema() -> RefOr<Schema> {
        let sorts = [
            NewInternalTransfer::name(),
            NewPayout::name(),
            NewCharge::name(),
        ];
        let sorts = sorts.map(|name| Ref::from_schema_name(name.into_owned()));
        let one_of = sorts
            .into_iter()
            .fold(OneOfBuilder::new(), OneOfBuilder::item);
        one_of
            .description(Some(
                "A payment to be made: between two accounts, or out or in through a provider.",
            ))
            .into()
    }
}

impl ToSchema for NewPayment {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        let mut add = |name: Cow<'static, str>, schema| schemas.push((name.into_owned(), schema));
        add(NewInternalTransfer::name(), NewInternalTransfer::schema());
        add(NewPayout::name(), NewPayout::schema());
        add(NewCharge::name(), NewCharge::schema());
        NewInternalTransfer::schemas(schemas);
        NewPayout::schemas(schemas);
        NewCharge::schemas(schemas);
    }
}

/// A word that is always the same, and what it says.
fn always(word: &'static str, says: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(says))
        .enum_values(Some([word]))
}

fn internal() -> ObjectBuilder {
    always(
        PaymentType::InternalTransfer.code(),
        "Between two accounts.",
    )
}

fn external() -> ObjectBuilder {
    always(PaymentType::ExternalPayment.code(), "Through a provider.")
}

fn payout() -> ObjectBuilder {
    always(
        Direction::Payout.code(),
        "From an account to the world outside.",
    )
}

fn charge() -> ObjectBuilder {
    always(
        Direction::Charge.code(),
        "From the world outside to an account.",
    )
}

/// Money to be given back.
#[derive(ToSchema)]
#[schema(example = json!({"amount_minor": 2_000, "reason": "Returned in part"}))]
#[expect(dead_code, reason = "the schema of what `new_refund` reads")]
pub(super) struct NewRefund {
    /// How much: at most what is left of the payment, all of it if it is left out.
    amount_minor: Option<schemas::TransferAmountMinor>,
    /// Why.
    reason: Option<schemas::RefundReasonText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}
