//! Schemas of the values that many bodies share, as exact as JSON Schema can be: what they accept, the service accepts.
//!
//! They are types without values: a body's type names them where the schema of a plain `String` would say too little.

mod address;
mod codes;
mod texts;

use std::borrow::Cow;

use app::{events::TypePattern, paging::Limit, ports::AggregateKind, vouchers::ISSUE_VOUCHERS};
use domain::{
    invoicing::{InvoiceNumber, Series},
    ledger::{
        AccountOwner, AccountStatus, HoldState, TransferDescription, TransferKind,
        TransferReference,
    },
    payments::{Direction, PaymentStatus, PaymentType, ProviderName, RefundReason},
    platform::{KeyName, NumberPrefix, PaymentTerms, Scope},
    values::{
        AMOUNT_MINOR_MAX, AddressPart as DomainAddressPart, EmailAddress as DomainEmailAddress,
        ExternalId as DomainExternalId, Metadata as DomainMetadata, Name as DomainName,
        TaxId as DomainTaxId,
    },
    vouchers::{
        CampaignStatus, JobFailure, JobStatus, VoucherCode, VoucherCount, VoucherKind,
        VoucherStatus,
    },
    wallets::{NationalId, PersonName as DomainPersonName, Username as DomainUsername},
    webhooks::{DeliveryState, DisabledReason, SendFailure, WebhookDescription, WebhookUrl},
};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema,
        schema::{AdditionalProperties, KnownFormat, SchemaFormat, Type},
    },
};

pub use self::{
    address::Address,
    texts::{any_line, line, lines, some_lines},
};
use self::{
    codes::{countries, currencies},
    texts::{not_negative, string},
};

/// Declares a schema: its name in the contract, what it is, an example, and how it is built.
macro_rules! schemas {
    ($($(#[doc = $doc:literal])+ $name:ident = $example:expr => $build:expr;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let build: fn(ObjectBuilder) -> ObjectBuilder = $build;
                let object = ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(concat!($($doc),+).trim()))
                    .examples([Value::from($example)]);
                build(object).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+

        /// All of them by name: what only a parameter refers to is not collected by itself.
        pub(crate) fn shared() -> impl Iterator<Item = (Cow<'static, str>, RefOr<Schema>)> {
            vec![$(($name::name(), $name::schema())),+].into_iter()
        }
    };
}

schemas! {
    /// What a person or company is called.
    Name = "Ada Lovelace Ltd" => |it| line(it, DomainName::LENGTH_MAX);
    /// What a user is called.
    PersonName = "Ada Lovelace" => |it| line(it, DomainPersonName::LENGTH_MAX)
        .min_length(Some(2));
    /// What a user is known by.
    Username = "ada1815" => |it| it
        .min_length(Some(DomainUsername::LENGTH_MIN))
        .max_length(Some(DomainUsername::LENGTH_MAX))
        .pattern(Some("^[A-Za-z0-9]+$"));
    /// A national id.
    NationalIdDigits = "12345678" => |it| it
        .min_length(Some(NationalId::LENGTH))
        .max_length(Some(NationalId::LENGTH))
        .pattern(Some("^[0-9]+$"));
    /// The end of a national id.
    MaskedNationalId = "****5678" => |it| it.pattern(Some("^\\*{4}[0-9]{4}$"));
    /// What a person calls an API key.
    ApiKeyName = "shop back end" => |it| line(it, KeyName::LENGTH_MAX);
    /// A tax or VAT number, as the tax office wrote it.
    TaxId = "DE123456789" => |it| line(it, DomainTaxId::LENGTH_MAX);
    /// What a client calls a thing in its own system.
    ExternalId = "customer-4711" => |it| line(it, DomainExternalId::LENGTH_MAX);
    /// One part of an address.
    AddressPart = "12 St James's Square" => |it| line(it, DomainAddressPart::LENGTH_MAX);
    /// One e-mail address.
    EmailAddress = "ada@example.com" => |it| it
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)))
        .min_length(Some(1))
        .max_length(Some(DomainEmailAddress::LENGTH_MAX));
    /// The ISO 4217 code of an active currency.
    CurrencyCode = "EUR" => |it| it.enum_values(Some(currencies().iter().cloned()));
    /// An ISO 3166-1 alpha-2 code.
    CountryCode = "DE" => |it| it.enum_values(Some(countries().iter().cloned()));
    /// An instant: RFC 3339; answered in UTC with microseconds.
    Instant = "2026-11-20T13:02:11.123456Z" => |it| it
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    /// A calendar day.
    CalendarDate = "2026-11-20" => |it| it
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    /// What a key may do: everything, or one use of one resource.
    ScopeName = "invoices:read" => |it| it
        .enum_values(Some(Scope::all().map(|scope| scope.to_string())));
    /// What an organization's own invoice numbers start with.
    InvoiceNumberPrefix = "INV-" => |it| it
        .max_length(Some(NumberPrefix::LENGTH_MAX))
        .pattern(Some("^[A-Za-z0-9_/.-]*$"));
    /// The number of an invoice.
    InvoiceNumberText = "INV-2026-000001" => |it| it
        .min_length(Some(1))
        .max_length(Some(InvoiceNumber::LENGTH_MAX))
        .pattern(Some("^[A-Za-z0-9_/.-]+$"));
    /// How many days a customer has to pay.
    PaymentTermsDays = 30 => |it| it
        .schema_type(Type::Integer)
        .minimum(Some(0))
        .maximum(Some(PaymentTerms::DAYS_MAX));
    /// Which version of the resource this is; also its `ETag`.
    VersionNumber = 1 => |it| it
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(1));
    /// An amount in the currency's minor unit.
    AmountMinor = 174_000 => |it| it
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(-AMOUNT_MINOR_MAX))
        .maximum(Some(AMOUNT_MINOR_MAX));
    /// An amount that can be moved, in the currency's minor unit.
    TransferAmountMinor = 2_500 => |it| it
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(1))
        .maximum(Some(AMOUNT_MINOR_MAX));
    /// Where a hold stands.
    HoldStatusName = "pending" => |it| it.enum_values(Some(HoldState::ALL.map(HoldState::code)));
    /// Where a payment or a refund stands.
    PaymentStatusName = "completed" => |it| it
        .enum_values(Some(PaymentStatus::ALL.map(PaymentStatus::code)));
    /// What sort of payment it is.
    PaymentTypeName = "internal_transfer" => |it| it
        .enum_values(Some(PaymentType::ALL.map(PaymentType::code)));
    /// Which way money goes through a provider.
    DirectionName = "charge" => |it| it.enum_values(Some(Direction::ALL.map(Direction::code)));
    /// A payment provider, by the name that it has in the configuration.
    ProviderNameText = "simulator" => |it| it
        .max_length(Some(ProviderName::LENGTH_MAX))
        .pattern(Some("^[a-z0-9_]+$"));
    /// Why money is given back.
    RefundReasonText = "Returned" => |it| some_lines(it, RefundReason::LENGTH_MAX);
    /// How often.
    CountNumber = 1 => |it| it
        .schema_type(Type::Integer)
        .minimum(Some(0));
    /// What a transfer is for.
    TransferDescriptionText = "Lunch" => |it| some_lines(it, TransferDescription::LENGTH_MAX);
    /// What a transfer belongs to, in your own system.
    TransferReferenceText = "order-4711" => |it| line(it, TransferReference::LENGTH_MAX);
    /// A sum of amounts in the currency's minor unit, in decimal digits: exact however large it is.
    SumMinorText = "174000" => |it| it.pattern(Some("^(0|-?[1-9][0-9]*)$"));
    /// Whose account it is, in the client's own system.
    AccountOwnerText = "user-4711" => |it| line(it, AccountOwner::LENGTH_MAX);
    /// What a system account is for.
    SystemAccountName = "external" => |it| it
        .pattern(Some("^(opening_balances|external|receivables|revenue|tax_payable|gift_vouchers|(clearing|fees):[a-z0-9_]{1,30})$"));
    /// Whether an account takes part in transfers.
    AccountStatusName = "active" => |it| it
        .enum_values(Some(AccountStatus::ALL.map(AccountStatus::code)));
    /// How far below zero an account may go, in the currency's minor unit.
    OverdraftLimitMinor = 50_000 => not_negative;
    /// What an account begins with, in the currency's minor unit.
    InitialBalanceMinor = 10_000 => not_negative;
    /// What is held, in the currency's minor unit.
    HeldMinor = 2_500 => not_negative;
    /// What is on an account, in the currency's minor unit. On a system account that may be more than on any other.
    BalanceMinor = 10_000 => |it| it
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
    /// What sort of transfer it is.
    TransferKindName = "transfer" => |it| it
        .enum_values(Some(TransferKind::ALL.map(TransferKind::code)));
    /// Which types of events: one, all of a resource (`invoice.*`), or all (`*`).
    EventTypePattern = "invoice.*" => |it| it
        .max_length(Some(TypePattern::LENGTH_MAX))
        .pattern(Some(r"^(\*|[a-z_]+\.(\*|[a-z_]+))$"));
    /// What kind of resource it is.
    AggregateTypeName = "invoice" => |it| it
        .enum_values(Some(AggregateKind::ALL.map(AggregateKind::code)));
    /// Whether an entry raised its account or lowered it.
    EntryDirectionName = "credit" => |it| it.enum_values(Some(["credit", "debit"]));
    /// A text to search for.
    SearchText = "Lovelace" => |it| line(it, DomainName::LENGTH_MAX);
    /// `true` and nothing else.
    OnlyTrue = true => |it| it.schema_type(Type::Boolean).enum_values(Some([true]));
    /// The name of a number series: what its numbers start with.
    SeriesName = "INV-2026-" => |it| it
        .min_length(Some(1))
        .max_length(Some(Series::LENGTH_MAX))
        .pattern(Some("^[A-Za-z0-9_/.-]+$"));
    /// A position in a number series.
    PositionNumber = 20 => |it| it
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(0));
    /// How many rows.
    RowsNumber = 20 => |it| it
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(Limit::MAX));
    /// Basis points: 1600 is 16 %.
    BasisPoints = 1_600 => |it| it
        .schema_type(Type::Integer)
        .minimum(Some(0))
        .maximum(Some(10_000));
    /// A percentage in basis points: 1000 is 10 %.
    PercentOffBps = 1_000 => |it| it
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(10_000));
    /// How often at most.
    CapNumber = 100 => |it| it
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(1))
        .maximum(Some(AMOUNT_MINOR_MAX));
    /// What is typed in to redeem a voucher, whatever the case of its letters.
    VoucherCodeText = "SUMMER-26" => |it| it
        .min_length(Some(VoucherCode::LENGTH_MIN))
        .max_length(Some(VoucherCode::LENGTH_MAX))
        .pattern(Some("^[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*$"));
    /// What vouchers of a campaign do.
    VoucherKindName = "discount" => |it| it.enum_values(Some(VoucherKind::ALL.map(VoucherKind::code)));
    /// Whether vouchers of a campaign can be redeemed.
    CampaignStatusName = "active" => |it| it
        .enum_values(Some(CampaignStatus::ALL.map(CampaignStatus::code)));
    /// Whether a voucher can be redeemed.
    VoucherStatusName = "enabled" => |it| it
        .enum_values(Some(VoucherStatus::ALL.map(VoucherStatus::code)));
    /// How many vouchers are issued at once.
    VoucherCountNumber = 10_000 => |it| it
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(1))
        .maximum(Some(VoucherCount::MAX));
    /// What a job does.
    JobKindName = "issue_vouchers" => |it| it.enum_values(Some([ISSUE_VOUCHERS]));
    /// Where a job stands.
    JobStatusName = "running" => |it| it.enum_values(Some(JobStatus::CODES));
    /// Why a job has failed.
    JobFailureName = "campaign_ended" => |it| it.enum_values(Some(JobFailure::ALL.map(JobFailure::code)));
    /// Where webhooks are sent: `https`, without user name, password and fragment.
    WebhookUrlText = "https://shop.example/hooks" => |it| it
        .min_length(Some(1))
        .max_length(Some(WebhookUrl::LENGTH_MAX));
    /// What a webhook is for.
    WebhookDescriptionText = "Tells the shop what was paid" =>
        |it| some_lines(it, WebhookDescription::LENGTH_MAX);
    /// Why a webhook is disabled.
    DisabledReasonName = "failing" => |it| it
        .enum_values(Some(DisabledReason::ALL.map(DisabledReason::code)));
    /// Where a delivery stands.
    DeliveryStateName = "pending" => |it| it.enum_values(Some(DeliveryState::CODES));
    /// Why an attempt got no answer.
    SendFailureName = "timed_out" => |it| it
        .enum_values(Some(SendFailure::ALL.map(SendFailure::code)));
    /// The client's own notes: at most 20 strings of at most 500 characters, under keys of at most 40.
    Metadata = serde_json::json!({"order": "4711"}) => |it| it
        .schema_type(Type::Object)
        .max_properties(Some(DomainMetadata::ENTRIES_MAX))
        .property_names(Some(line(string(), DomainMetadata::KEY_LENGTH_MAX)))
        .additional_properties(Some(AdditionalProperties::RefOr(
            any_line(string(), DomainMetadata::VALUE_LENGTH_MAX).into(),
        )));
}
