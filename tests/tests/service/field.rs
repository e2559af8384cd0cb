//! A field of a body, and what it takes.

use crate::field_values::Example;

/// One field.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Where it stands.
    pub(crate) pointer: String,
    /// Whether it has to.
    pub(crate) presence: Presence,
    /// What it takes.
    pub(crate) kind: Kind,
}

/// Whether a field may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It must be there.
    Required,
    /// It may be missing or `null`.
    Optional,
    /// It may be missing, but cannot be taken away.
    Kept,
}

/// What a field takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A text of one line.
    Line {
        max: usize,
    },
    /// A text of several lines.
    Text {
        max: usize,
        min: usize,
    },
    Email,
    Currency,
    Country,
    /// Letters, digits and a few signs.
    Code {
        max: usize,
        min: usize,
    },
    UnitCode,
    Whole {
        min: i64,
        max: i64,
    },
    Quantity,
    /// Today to ten years ahead.
    DueDate,
    Instant,
    Metadata,
    /// Texts by name that are never answered.
    Secrets,
    /// The id of something that there is.
    Id,
    /// The name of something in the configuration: small letters, digits and underscores.
    Slug {
        max: usize,
    },
    /// One of some words.
    Word(&'static [&'static str]),
    Scopes,
    /// The lines of an invoice.
    Lines,
    /// An object whose fields are listed on their own.
    Object,
}

pub(crate) fn required(pointer: &str, kind: Kind) -> Field {
    Field {
        pointer: pointer.to_owned(),
        presence: Presence::Required,
        kind,
    }
}

pub(crate) fn optional(pointer: &str, kind: Kind) -> Field {
    Field {
        pointer: pointer.to_owned(),
        presence: Presence::Optional,
        kind,
    }
}

pub(crate) fn kept(pointer: &str, kind: Kind) -> Field {
    Field {
        pointer: pointer.to_owned(),
        presence: Presence::Kept,
        kind,
    }
}

impl Field {
    /// Everything to try with it.
    pub(crate) fn examples(&self) -> Vec<Example> {
        let mut examples = self.kind.examples();
        let absence = [Example::missing(), Example::null()];
        examples.extend(match self.presence {
            Presence::Required => absence
                .map(|absence| absence.refused_as("required"))
                .to_vec(),
            Presence::Optional => absence.to_vec(),
            Presence::Kept => {
                let [missing, null] = absence;
                vec![missing, null.refused_as("required")]
            }
        });
        examples
    }

    /// A value that breaks its rules without hiding those of other fields.
    pub(crate) fn bad_leaf(&self) -> Option<Example> {
        let is_leaf = !matches!(
            self.kind,
            Kind::Object | Kind::Lines | Kind::Metadata | Kind::Scopes
        );
        let mut refused = self
            .kind
            .examples()
            .into_iter()
            .filter(|example| example.fault.is_some());
        refused.next().filter(|_| is_leaf)
    }
}
