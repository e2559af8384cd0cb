//! Texts and numbers that many schemas are made of.

use domain::values::AMOUNT_MINOR_MAX;
use utoipa::openapi::{
    ObjectBuilder,
    schema::{KnownFormat, SchemaFormat, Type},
};

/// One line: no control characters, no bidirectional overrides, and something to see.
const LINE: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*[^\\s\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069][^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$";
/// One line, perhaps an empty one.
const ANY_LINE: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$";
/// Several lines, perhaps none.
const LINES: &str =
    "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$";
/// Several lines with something to see.
const SOME_LINES: &str = "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*[^\\s\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069][^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$";

pub(super) fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// An amount that is not below zero.
pub(super) fn not_negative(object: ObjectBuilder) -> ObjectBuilder {
    object
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(0))
        .maximum(Some(AMOUNT_MINOR_MAX))
}

/// A text of one line that is not empty.
pub fn line(object: ObjectBuilder, max: usize) -> ObjectBuilder {
    object
        .min_length(Some(1))
        .max_length(Some(max))
        .pattern(Some(LINE))
}

/// A text of one line that may be empty.
pub fn any_line(object: ObjectBuilder, max: usize) -> ObjectBuilder {
    object.max_length(Some(max)).pattern(Some(ANY_LINE))
}

/// A text of several lines that may be empty.
pub fn lines(object: ObjectBuilder, max: usize) -> ObjectBuilder {
    object.max_length(Some(max)).pattern(Some(LINES))
}

/// A text of several lines that is not empty.
pub fn some_lines(object: ObjectBuilder, max: usize) -> ObjectBuilder {
    object
        .min_length(Some(1))
        .max_length(Some(max))
        .pattern(Some(SOME_LINES))
}
