//! One row into `invoices`, committed by itself.

use actix_web::{
    HttpResponse,
    error::ErrorInternalServerError,
    http::header::ContentType,
    web::{self, Bytes, Data, ServiceConfig},
};
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{json_column::JsonText, store::Store};

/// Every column that the service writes, in one statement. Those that differ from row to row are parameters, and so are
/// those that a client would have sent.
const INSERT: &str = "
    INSERT INTO invoices (id, organization_id, status, customer_name_folded, customer, currency, items, subtotal_minor,
                          discount_minor, tax_minor, total_minor, amount_paid_minor, tax_breakdown, rounding, due_date,
                          metadata, created_at, updated_at, version)
    VALUES ($1, $2, 'draft', $3, $4, 'EUR', $5, $6, 0, $7, $8, 0, $9, 'half_away_from_zero', $10, $11, $12, $12, 1)";

/// The same invoice that the service is asked to make.
const CUSTOMER: &str =
    r#"{"name":"Ada Lovelace Ltd","email":"ada@example.com","address":null,"tax_id":null}"#;
const CUSTOMER_FOLDED: &str = "ada lovelace ltd";
const ITEMS: &str = r#"[{"description":"Consulting","quantity":"10","unit_price_minor":15000,"tax_rate_bps":1600,"unit":"HUR","net_minor":150000},{"description":"Travel","quantity":"2.5","unit_price_minor":1001,"tax_rate_bps":700,"unit":"C62","net_minor":2503}]"#;
const TAX_BREAKDOWN: &str = r#"[{"tax_rate_bps":700,"taxable_minor":2503,"tax_minor":175},{"tax_rate_bps":1600,"taxable_minor":150000,"tax_minor":24000}]"#;
const METADATA: &str = r#"{"order":"A-1000"}"#;
const SUBTOTAL_MINOR: i64 = 152_503;
const TAX_MINOR: i64 = 24_175;
const TERMS_DAYS: i64 = 30;

pub(super) fn configure(config: &mut ServiceConfig, store: Store) {
    config
        .app_data(Data::new(store))
        .route(super::INVOICES, web::post().to(answer));
}

/// Takes the body off the connection, but does not look at it.
async fn answer(_body: Bytes, store: Data<Store>) -> Result<HttpResponse, actix_web::Error> {
    let (id, now) = (new_id(), now());
    let due_date = due_date(now).map_err(ErrorInternalServerError)?;
    let total_minor = SUBTOTAL_MINOR + TAX_MINOR;
    let columns: [&(dyn ToSql + Sync); 12] = [
        &id,
        &store.organization,
        &CUSTOMER_FOLDED,
        &JsonText(CUSTOMER),
        &JsonText(ITEMS),
        &SUBTOTAL_MINOR,
        &TAX_MINOR,
        &total_minor,
        &JsonText(TAX_BREAKDOWN),
        &due_date,
        &JsonText(METADATA),
        &now,
    ];
    let (client, statement) = store.prepared(INSERT).await?;
    client
        .execute(&statement, &columns)
        .await
        .map_err(ErrorInternalServerError)?;
    let response = HttpResponse::Created()
        .insert_header(ContentType::json())
        .body(format!("{{\"id\":\"{id}\"}}"));
    Ok(response)
}

fn due_date(now: Timestamp) -> Result<Date, jiff::Error> {
    let today = now.to_zoned(TimeZone::UTC).date();
    today.checked_add(Span::new().days(TERMS_DAYS))
}

#[expect(clippy::disallowed_methods, reason = "a bare handler has no ports")]
fn new_id() -> Uuid {
    Uuid::now_v7()
}

#[expect(clippy::disallowed_methods, reason = "a bare handler has no ports")]
fn now() -> Timestamp {
    Timestamp::now()
}
