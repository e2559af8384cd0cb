//! The parameters of many writes, turned about: all that stand in one place become a list.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::unit_of_work::{Deferred, OwnedParam};

/// What one write has in this place.
#[derive(Debug)]
pub(super) struct Place<'w>(&'w OwnedParam);

impl ToSql for Place<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.to_sql_checked(ty, out)
    }

    /// The parameter itself looks whether it does.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A list for each parameter of these writes, which have as many of them.
pub(super) fn columns(writes: &[Deferred]) -> Vec<Vec<Place<'_>>> {
    let many = writes.first().map_or(0, |write| write.params.len());
    let column = |place| {
        let params = writes.iter().filter_map(|write| write.params.get(place));
        params.map(Place).collect()
    };
    (0..many).map(column).collect()
}
