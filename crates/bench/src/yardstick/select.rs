//! The service's SELECT of one invoice, and nothing else.

use actix_web::{
    HttpResponse,
    error::{ErrorInternalServerError, ErrorNotFound},
    http::header::ContentType,
    web::{self, Data, Path, ServiceConfig},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{row_document::Document, store::Store};

/// As in `PgInvoiceQueries`. That both answer the same is checked before they are measured.
const SELECT: &str = "SELECT id, number, status, \
    coalesce(review, '{\"status\": \"pending\", \"reasons\": [], \"reviewed_at\": null}') AS review, customer_id, customer, currency, subtotal_minor, discount_minor, \
    tax_minor, total_minor, amount_paid_minor, due_date, metadata, issued_at, paid_at, cancelled_at, created_at, \
    updated_at, version, seller, items, tax_breakdown, notes \
    FROM invoices WHERE organization_id = $1 AND id = $2";

pub(super) fn configure(config: &mut ServiceConfig, store: Store) {
    config
        .app_data(Data::new(store))
        .route(super::INVOICE, web::get().to(answer));
}

async fn answer(id: Path<Uuid>, store: Data<Store>) -> Result<HttpResponse, actix_web::Error> {
    let (client, statement) = store.prepared(SELECT).await?;
    let found = client
        .query_opt(&statement, &[&store.organization, &*id])
        .await
        .map_err(ErrorInternalServerError)?;
    drop(client);
    let row = found.ok_or_else(|| ErrorNotFound("there is no such invoice"))?;
    let response = HttpResponse::Ok()
        .insert_header(ContentType::json())
        .body(document(&row)?);
    Ok(response)
}

fn document(row: &Row) -> Result<Vec<u8>, actix_web::Error> {
    let mut document = Document::of(row)?;
    let (status, due_date) = read(row).map_err(ErrorInternalServerError)?;
    let (total_minor, paid_minor) = read_amounts(row).map_err(ErrorInternalServerError)?;
    let is_open = matches!(status, "sent" | "viewed" | "overdue");
    let due_minor = if status == "cancelled" {
        0
    } else {
        total_minor - paid_minor
    };
    document.field("amount_due_minor", due_minor);
    document.field("is_overdue", is_open && due_date < today());
    Ok(document.finish())
}

fn read(row: &Row) -> Result<(&str, Date), tokio_postgres::Error> {
    Ok((row.try_get("status")?, row.try_get("due_date")?))
}

fn read_amounts(row: &Row) -> Result<(i64, i64), tokio_postgres::Error> {
    Ok((
        row.try_get("total_minor")?,
        row.try_get("amount_paid_minor")?,
    ))
}

#[expect(clippy::disallowed_methods, reason = "a bare handler has no ports")]
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
