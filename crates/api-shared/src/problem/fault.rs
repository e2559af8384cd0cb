//! What is wrong with a request, all of it at once.

use std::borrow::Cow;

use domain::values::InvalidValue;

use super::{
    ProblemKind, Refusal,
    catalogue::{
        DUPLICATE_FIELD, DUPLICATE_PARAMETER, UNKNOWN_FIELD, UNKNOWN_PARAMETER, VALIDATION_FAILED,
    },
};

/// Where in the request a fault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the body, at a JSON pointer (RFC 6901).
    Pointer(String),
    /// In a query or path parameter.
    Parameter(String),
    /// In a header.
    Header(&'static str),
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// A stable word for what is wrong.
    pub code: &'static str,
    /// The same for a person; it completes "this field …".
    pub message: Cow<'static, str>,
    kind: &'static ProblemKind,
}

impl Fault {
    /// A fault that makes the whole request a problem of this kind.
    pub fn new(
        kind: &'static ProblemKind,
        place: Place,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            place,
            code,
            message: message.into(),
            kind,
        }
    }

    /// A value that the domain has refused.
    pub fn invalid(kind: &'static ProblemKind, place: Place, why: &InvalidValue) -> Self {
        Self::new(kind, place, why.code(), why.to_string())
    }
}

/// Collects faults while a request is read.
#[derive(Debug, Default)]
pub struct Faults {
    listed: Vec<Fault>,
    count: usize,
}

/// A typing error is told before anything else, as it may be the reason for the rest.
const PRECEDENCE: [&ProblemKind; 5] = [
    &DUPLICATE_FIELD,
    &UNKNOWN_FIELD,
    &DUPLICATE_PARAMETER,
    &UNKNOWN_PARAMETER,
    &VALIDATION_FAILED,
];

impl Faults {
    /// More are counted, but not listed: an answer is not to be much larger than its question.
    const LISTED_MAX: usize = 1_000;

    /// Adds one.
    pub fn push(&mut self, fault: Fault) {
        self.count += 1;
        if self.listed.len() < Self::LISTED_MAX {
            self.listed.push(fault);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The refusal that they are all in all, if there are any.
    pub fn into_refusal(self) -> Option<Refusal> {
        let is_present = |kind: &&&ProblemKind| self.listed.iter().any(|f| f.kind == **kind);
        let first = self.listed.first()?;
        let kind = PRECEDENCE
            .iter()
            .find(is_present)
            .map_or(first.kind, |kind| *kind);
        let detail = match self.count {
            1 => format!("{} {}", first.place.named(), first.message),
            count if count > self.listed.len() => {
                format!(
                    "{count} faults, of which errors lists the first {}",
                    Self::LISTED_MAX
                )
            }
            count => format!("{count} faults, which errors lists"),
        };
        Some(Refusal::of(kind).because(detail).with_faults(self.listed))
    }
}

impl Place {
    fn named(&self) -> Cow<'_, str> {
        match self {
            Self::Pointer(pointer) if pointer.is_empty() => Cow::Borrowed("the body"),
            Self::Pointer(name) | Self::Parameter(name) => Cow::Borrowed(name),
            Self::Header(name) => Cow::Borrowed(name),
        }
    }
}
