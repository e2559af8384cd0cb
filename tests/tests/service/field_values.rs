//! What is tried with each kind of field: what is refused and why, and what is accepted and how it is answered.

mod scalars;
mod structures;
mod texts;

use serde_json::{Value, json};

use self::{scalars::*, structures::*, texts::*};
use crate::field::Kind;

/// A value for a field.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    /// What is sent; nothing if the field is left out.
    pub(crate) sent: Option<Value>,
    /// What is wrong with it, and where below the field.
    pub(crate) fault: Option<(&'static str, &'static str)>,
    /// How it is answered, if that is known.
    pub(crate) answered: Option<Value>,
}

impl Example {
    pub(crate) fn missing() -> Self {
        Self {
            sent: None,
            fault: None,
            answered: None,
        }
    }

    pub(crate) fn null() -> Self {
        Self {
            sent: Some(Value::Null),
            ..Self::missing()
        }
    }

    pub(crate) fn refused_as(mut self, code: &'static str) -> Self {
        self.fault = Some(("", code));
        self
    }

    fn refused(sent: Value, code: &'static str) -> Self {
        Self::refused_below(sent, "", code)
    }

    fn refused_below(sent: Value, below: &'static str, code: &'static str) -> Self {
        Self {
            sent: Some(sent),
            fault: Some((below, code)),
            answered: None,
        }
    }

    fn accepted(sent: impl Into<Value>) -> Self {
        let sent = sent.into();
        Self {
            answered: Some(sent.clone()),
            sent: Some(sent),
            fault: None,
        }
    }

    fn accepted_as(sent: impl Into<Value>, answered: impl Into<Value>) -> Self {
        Self {
            sent: Some(sent.into()),
            fault: None,
            answered: Some(answered.into()),
        }
    }
}

impl Kind {
    pub(crate) fn examples(self) -> Vec<Example> {
        match self {
            Self::Line { max } => [strings(), line_texts(), texts(1, max)].concat(),
            Self::Text { max, min } => [strings(), lines_texts(), texts(min, max)].concat(),
            Self::Email => [strings(), emails()].concat(),
            Self::Currency => [
                strings(),
                words(
                    &["EUR", "JPY", "KWD"],
                    &["usd", "XXX", "XAU", "DEM", "EURO", "", "€"],
                ),
            ]
            .concat(),
            Self::Country => [
                strings(),
                words(&["DE", "US", "JP"], &["de", "XX", "DEU", "", "D"]),
            ]
            .concat(),
            Self::Code { max, min } => [strings(), codes(min, max)].concat(),
            Self::UnitCode => [strings(), unit_codes()].concat(),
            Self::Whole { min, max } => [not_numbers(), wholes(min, max)].concat(),
            Self::Quantity => [not_decimals(), quantities()].concat(),
            Self::DueDate => [strings(), due_dates()].concat(),
            Self::Instant => [strings(), instants()].concat(),
            Self::Metadata => metadata(),
            Self::Secrets => unanswered(metadata()),
            Self::Id => [strings(), ids()].concat(),
            Self::Slug { max } => [strings(), slugs(max)].concat(),
            Self::Word(known) => [
                strings(),
                words(known, &["", "Half", "other", "half_even "]),
            ]
            .concat(),
            Self::Scopes => scopes(),
            Self::Lines => lines(),
            Self::Object => wrong_types(&[json!(7), json!("x"), json!([]), json!(true)]),
        }
    }
}

/// The same, of which nobody gets to see what was accepted.
fn unanswered(examples: Vec<Example>) -> Vec<Example> {
    let unseen = |example| Example {
        answered: None,
        ..example
    };
    examples.into_iter().map(unseen).collect()
}

fn wrong_types(values: &[Value]) -> Vec<Example> {
    values
        .iter()
        .map(|value| Example::refused(value.clone(), "wrong_type"))
        .collect()
}

fn strings() -> Vec<Example> {
    wrong_types(&[
        json!(7),
        json!(1.5),
        json!(true),
        json!([]),
        json!({}),
        json!(["x"]),
    ])
}

fn refused_strings<'a>(
    texts: impl IntoIterator<Item = &'a str>,
    code: &'static str,
) -> Vec<Example> {
    texts
        .into_iter()
        .map(|text| Example::refused(json!(text), code))
        .collect()
}
