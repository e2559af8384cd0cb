//! Which piece of a list is asked for.
//!
//! `limit` and `cursor` go together, and so do `page` and `page_size`; a mixture is refused. `page_size` alone means the
//! first page.

use std::cell::RefCell;

use app::paging::{Limit, PageNumber, Position, Window};
use domain::values::InvalidValue;

use super::parameters::{Parameters, whole};
use crate::{
    cursor::{Cursor, CursorRefused, CursorSpace},
    problem::{
        Fault, Faults, Place,
        catalogue::{CURSOR_MISMATCH, INVALID_CURSOR, INVALID_PARAMETER, PAGE_TOO_DEEP},
    },
};

/// The query of a list without its place in it: what its cursors are bound to, and what its links repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery(Vec<(String, String)>);

impl ListQuery {
    /// That of these parameters.
    pub fn of(parameters: &Parameters<'_>) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self(
            parameters
                .filters(is_filter)
                .into_iter()
                .map(owned)
                .collect(),
        )
    }

    /// The filters.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn is_filter(name: &str) -> bool {
    !matches!(name, "limit" | "cursor" | "page" | "page_size")
}

pub(super) fn window(
    query: &mut Parameters<'_>,
    cursors: &CursorSpace<'_>,
    faults: &RefCell<Faults>,
) -> Option<Window> {
    let limit = query.one("limit", whole(rows), faults);
    let cursor = query.one("cursor", |raw| Ok(raw.to_owned()), faults);
    let page = query.one("page", whole(page_number), faults);
    let page_size = query.one("page_size", whole(rows), faults);
    let (limit, cursor, page, page_size) = (limit?, cursor?, page?, page_size?);

    if page.is_none() && page_size.is_none() {
        let position = match cursor {
            Some(raw) => Some(position(query, cursors, &raw, faults)?),
            None => None,
        };
        let limit = limit.unwrap_or_default();
        return Some(Window::After { position, limit });
    }
    if limit.is_some() || cursor.is_some() {
        let name = if cursor.is_some() { "cursor" } else { "limit" };
        let message = "does not go with page and page_size";
        note(
            faults,
            Fault::new(&INVALID_PARAMETER, place(name), "conflict", message),
        );
        return None;
    }
    let size = page_size.unwrap_or_default();
    match PageNumber::new(page.unwrap_or(1), size) {
        Ok(number) => Some(Window::Page { number, size }),
        Err(too_deep) => {
            let why = too_deep.to_string();
            note(
                faults,
                Fault::new(&PAGE_TOO_DEEP, place("page"), "page_too_deep", why),
            );
            None
        }
    }
}

fn position(
    query: &Parameters<'_>,
    cursors: &CursorSpace<'_>,
    raw: &str,
    faults: &RefCell<Faults>,
) -> Option<Position> {
    let filters = query.filters(is_filter);
    match Cursor::read(raw, cursors, filters.into_iter()) {
        Ok(position) => Some(position),
        Err(CursorRefused::Mismatch) => {
            let message = "was made for other filters";
            let fault = Fault::new(
                &CURSOR_MISMATCH,
                place("cursor"),
                "cursor_mismatch",
                message,
            );
            note(faults, fault);
            None
        }
        Err(CursorRefused::Invalid) => {
            let message = "must be one that this service gave for this list";
            let fault = Fault::new(&INVALID_CURSOR, place("cursor"), "invalid_cursor", message);
            note(faults, fault);
            None
        }
    }
}

fn note(faults: &RefCell<Faults>, fault: Fault) {
    faults.borrow_mut().push(fault);
}

fn place(name: &str) -> Place {
    Place::Parameter(name.to_owned())
}

/// Checks how many rows are asked for.
pub fn rows(rows: i64) -> Result<Limit, InvalidValue> {
    let rule = "a number from 1 to 100";
    Limit::new(rows).ok_or(InvalidValue::OutOfRange { rule })
}

fn page_number(number: i64) -> Result<u32, InvalidValue> {
    let rule = "a number from 1";
    match u32::try_from(number) {
        Ok(number) if number > 0 => Ok(number),
        Err(_) if number > 0 => Ok(u32::MAX),
        Ok(_) | Err(_) => Err(InvalidValue::OutOfRange { rule }),
    }
}
