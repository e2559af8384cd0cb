//! A row as a JSON object: what its columns hold, under their names.

use std::io::Write as _;

use actix_web::error::ErrorInternalServerError;
use jiff::{Timestamp, civil::Date};
use tokio_postgres::{
    Row,
    types::{FromSql, Type},
};
use uuid::Uuid;

use super::json_column::JsonText;

/// Enough for an invoice with some lines.
const CAPACITY_BYTES: usize = 2_048;

/// An object that is being written.
pub(super) struct Document(Vec<u8>);

impl Document {
    /// Of all columns of a row.
    pub(super) fn of(row: &Row) -> Result<Self, actix_web::Error> {
        let mut document = Self(Vec::with_capacity(CAPACITY_BYTES));
        for (index, column) in row.columns().iter().enumerate() {
            document.name(column.name());
            let written = match *column.type_() {
                Type::UUID => document.value::<Uuid>(row, index, |out, id| write!(out, "\"{id}\"")),
                Type::INT8 => {
                    document.value::<i64>(row, index, |out, number| write!(out, "{number}"))
                }
                Type::DATE => {
                    document.value::<Date>(row, index, |out, date| write!(out, "\"{date}\""))
                }
                Type::TIMESTAMPTZ => document
                    .value::<Timestamp>(row, index, |out, instant| write!(out, "\"{instant:.6}\"")),
                Type::JSONB => document.value::<JsonText<'_>>(row, index, |out, json| {
                    out.write_all(json.0.as_bytes())
                }),
                _ => document.value::<&str>(row, index, |out, text| {
                    Ok(serde_json::to_writer(out, text)?)
                }),
            };
            written.map_err(ErrorInternalServerError)?;
        }
        Ok(document)
    }

    /// Adds a field whose value is JSON as it is displayed.
    pub(super) fn field(&mut self, name: &str, value: impl std::fmt::Display) {
        self.name(name);
        // Writing to memory cannot fail.
        let _ = write!(self.0, "{value}");
    }

    /// Its bytes.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }

    fn name(&mut self, name: &str) {
        let before: &[u8] = if self.0.is_empty() { b"{\"" } else { b",\"" };
        self.0.extend_from_slice(before);
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    fn value<'r, T: FromSql<'r>>(
        &mut self,
        row: &'r Row,
        index: usize,
        write: impl Fn(&mut Vec<u8>, T) -> std::io::Result<()>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        match row.try_get::<_, Option<T>>(index)? {
            Some(value) => write(&mut self.0, value)?,
            None => self.0.extend_from_slice(b"null"),
        }
        Ok(())
    }
}
