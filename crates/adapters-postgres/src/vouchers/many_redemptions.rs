//! Storing many redemptions with one statement.

use domain::vouchers::{Redemption, RedemptionFacts};

use super::redemption_row::target_columns;
use crate::unit_of_work::OwnedParam;

/// Lists of lists do not unnest one by one: the names of a customer, at most two, come as two lists.
pub(super) const INSERT_ALL: &str = "
    INSERT INTO voucher_redemptions (organization_id, id, voucher_id, code, campaign_id, invoice_id, account_id, transfer_id,
                                     customer_id, email, holder, amount_minor, currency, redeemed_at, released_at, updated_at,
                                     version)
    SELECT organization_id, id, voucher_id, code, campaign_id, invoice_id, account_id, transfer_id, customer_id, email,
           array_remove(ARRAY[first_name, second_name], NULL), amount_minor, currency, redeemed_at, released_at, updated_at,
           version
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[],
                  $9::uuid[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::text[], $15::timestamptz[],
                  $16::timestamptz[], $17::timestamptz[], $18::bigint[])
           AS new (organization_id, id, voucher_id, code, campaign_id, invoice_id, account_id, transfer_id, customer_id,
                   email, first_name, second_name, amount_minor, currency, redeemed_at, released_at, updated_at, version)";

/// A list for each column.
pub(super) fn params(redemptions: &[Redemption]) -> Vec<OwnedParam> {
    let targets: Vec<_> = redemptions
        .iter()
        .map(|it| target_columns(it.facts()))
        .collect();
    let names: Vec<_> = redemptions
        .iter()
        .map(|it| it.facts().use_of.holder.names())
        .collect();
    let name = |place: usize| -> OwnedParam {
        let of = |names: &Vec<String>| names.get(place).cloned();
        Box::new(names.iter().map(of).collect::<Vec<_>>())
    };
    let email = |it: &RedemptionFacts| {
        let email = it.use_of.holder.email.as_ref();
        email.map(|it| it.as_str().to_owned())
    };
    let column = Column(redemptions);
    vec![
        column.of(|it| it.organization_id.as_uuid()),
        column.of(|it| it.id.as_uuid()),
        column.of(|it| it.use_of.voucher_id.as_uuid()),
        column.of(|it| it.use_of.code.as_str().to_owned()),
        column.of(|it| it.use_of.campaign_id.as_uuid()),
        Box::new(targets.iter().map(|it| it.0).collect::<Vec<_>>()),
        Box::new(targets.iter().map(|it| it.1).collect::<Vec<_>>()),
        Box::new(targets.iter().map(|it| it.2).collect::<Vec<_>>()),
        column.of(|it| it.use_of.holder.customer_id.map(|id| id.as_uuid())),
        column.of(email),
        name(0),
        name(1),
        column.of(|it| it.use_of.amount_minor),
        column.of(|it| it.use_of.currency.code()),
        column.of(|it| it.redeemed_at),
        column.of(|it| it.released_at),
        column.of(|it| it.updated_at),
        column.of(|it| it.version.as_i64()),
    ]
}

struct Column<'a>(&'a [Redemption]);

impl Column<'_> {
    fn of<T>(&self, value: impl Fn(&RedemptionFacts) -> T) -> OwnedParam
    where
        Vec<T>: tokio_postgres::types::ToSql + Sync + Send + 'static,
    {
        let values = self.0.iter().map(|it| value(it.facts()));
        Box::new(values.collect::<Vec<T>>())
    }
}
