//! Reading the columns of a row. What does not read as what it should be is `StorageError::Corrupt`, never a panic.

use app::{customers::AddressView, ports::StorageError};
use domain::values::{Address, InvalidValue, Metadata};
use serde::de::DeserializeOwned;
use tokio_postgres::{
    Row,
    types::{FromSql, Json},
};

use crate::{error::corrupt, values::address_from_view};

/// The columns of a row that stands for an `entity`.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'r> {
    row: &'r Row,
    entity: &'static str,
}

impl<'r> Columns<'r> {
    pub(crate) const fn of(entity: &'static str, row: &'r Row) -> Self {
        Self { row, entity }
    }

    /// A value as `PostgreSQL` holds it.
    pub(crate) fn get<T: FromSql<'r>>(self, column: &str) -> Result<T, StorageError> {
        self.row
            .try_get(column)
            .map_err(|why| corrupt(self.entity, why))
    }

    /// A text that the domain reads.
    pub(crate) fn parse<T>(
        self,
        column: &str,
        parse: impl Fn(&str) -> Result<T, InvalidValue>,
    ) -> Result<T, StorageError> {
        parse(self.get(column)?).map_err(|why| corrupt(self.entity, why))
    }

    /// A text that the domain reads, if there is one.
    pub(crate) fn parse_optional<T>(
        self,
        column: &str,
        parse: impl Fn(&str) -> Result<T, InvalidValue>,
    ) -> Result<Option<T>, StorageError> {
        let raw: Option<&str> = self.get(column)?;
        raw.map(parse)
            .transpose()
            .map_err(|why| corrupt(self.entity, why))
    }

    /// A JSON document.
    pub(crate) fn json<T: DeserializeOwned>(self, column: &str) -> Result<T, StorageError> {
        let Json(document) = self.get(column)?;
        Ok(document)
    }

    /// A JSON document, if there is one.
    pub(crate) fn json_optional<T: DeserializeOwned>(
        self,
        column: &str,
    ) -> Result<Option<T>, StorageError> {
        let document: Option<Json<T>> = self.get(column)?;
        Ok(document.map(|Json(document)| document))
    }

    pub(crate) fn address(self) -> Result<Option<Address>, StorageError> {
        let view: Option<AddressView> = self.json_optional("address")?;
        view.as_ref()
            .map(address_from_view)
            .transpose()
            .map_err(|why| corrupt(self.entity, why))
    }

    pub(crate) fn metadata(self) -> Result<Metadata, StorageError> {
        Ok(Metadata::restore(self.json("metadata")?))
    }
}
