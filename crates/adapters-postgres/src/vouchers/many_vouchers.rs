//! Storing many vouchers with one statement.

use std::collections::{BTreeMap, HashSet};

use app::ports::StorageError;
use domain::{
    ids::VoucherId,
    vouchers::{Cap, Voucher},
};
use jiff::Timestamp;
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::{
    columns::Columns,
    unit_of_work::{OwnedParam, PgUnitOfWork, borrowed},
};

const INSERT_ALL: &str = "
    INSERT INTO vouchers (organization_id, id, campaign_id, code, status, max_redemptions, metadata, created_at,
                          updated_at, version)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::jsonb[],
                         $8::timestamptz[], $9::timestamptz[], $10::bigint[])
    ON CONFLICT (organization_id, code) DO NOTHING
    RETURNING id";

/// Stores those whose code is nobody else's, and tells which.
pub(super) async fn insert_all(
    uow: &mut PgUnitOfWork,
    vouchers: &[Voucher],
) -> Result<HashSet<VoucherId>, StorageError> {
    let params = params(vouchers);
    let rows = uow.query(INSERT_ALL, &borrowed(&params)).await?;
    rows.iter()
        .map(|row| {
            let id = Columns::of("voucher", row).get("id")?;
            Ok(VoucherId::from_uuid(id))
        })
        .collect()
}

/// A list for each column.
fn params(vouchers: &[Voucher]) -> Vec<OwnedParam> {
    let facts = || vouchers.iter().map(Voucher::facts);
    let organizations: Vec<Uuid> = facts().map(|it| it.organization_id.as_uuid()).collect();
    let ids: Vec<Uuid> = facts().map(|it| it.id.as_uuid()).collect();
    let campaigns: Vec<Uuid> = facts().map(|it| it.campaign_id.as_uuid()).collect();
    let codes: Vec<String> = facts().map(|it| it.code.as_str().to_owned()).collect();
    let statuses: Vec<&'static str> = facts().map(|it| it.status.code()).collect();
    let terms = || facts().map(|it| &it.terms);
    let caps: Vec<Option<i64>> = terms().map(|it| it.max_redemptions.map(Cap::get)).collect();
    let notes: Vec<Json<BTreeMap<String, String>>> = terms()
        .map(|it| Json(it.metadata.pairs().clone()))
        .collect();
    let created: Vec<Timestamp> = facts().map(|it| it.created_at).collect();
    let updated: Vec<Timestamp> = facts().map(|it| it.updated_at).collect();
    let versions: Vec<i64> = facts().map(|it| it.version.as_i64()).collect();
    vec![
        Box::new(organizations),
        Box::new(ids),
        Box::new(campaigns),
        Box::new(codes),
        Box::new(statuses),
        Box::new(caps),
        Box::new(notes),
        Box::new(created),
        Box::new(updated),
        Box::new(versions),
    ]
}
