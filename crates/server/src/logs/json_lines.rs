//! A log line as one JSON object, written field by field: every request leaves one.

mod instant;

use std::fmt::{self, Write as _};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::Record,
};
use tracing_subscriber::{
    field::RecordFields,
    fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, format::Writer},
    registry::LookupSpan,
};

use self::instant::write_now;
use super::escape::Escaping;

/// Writes events, and the fields of spans, as JSON: `timestamp`, `level`, the fields of the event, `target`, and under
/// `span` the fields of the innermost span with its `name`.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonLines;

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'lookup> LookupSpan<'lookup>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        line.write_str("{\"timestamp\":\"")?;
        write_now(&mut line)?;
        line.write_str("\",\"level\":\"")?;
        line.write_str(event.metadata().level().as_str())?;
        line.write_char('"')?;
        let mut fields = Fields::after_others(&mut line);
        event.record(&mut fields);
        fields.text("target", event.metadata().target());
        fields.outcome?;
        if let Some(span) = context.parent_span() {
            line.write_str(",\"span\":{")?;
            let extensions = span.extensions();
            if let Some(fields) = extensions.get::<FormattedFields<N>>()
                && !fields.is_empty()
            {
                line.write_str(fields)?;
                line.write_char(',')?;
            }
            let mut name = Fields::first(&mut line);
            name.text("name", span.name());
            name.outcome?;
            line.write_char('}')?;
        }
        line.write_str("}\n")
    }
}

impl<'w> FormatFields<'w> for JsonLines {
    fn format_fields<R: RecordFields>(&self, mut to: Writer<'w>, fields: R) -> fmt::Result {
        let mut written = Fields::first(&mut to);
        fields.record(&mut written);
        written.outcome
    }

    fn add_fields(
        &self,
        current: &'w mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        let is_first = current.is_empty();
        let mut to = current.as_writer();
        let mut written = Fields {
            is_first,
            ..Fields::first(&mut to)
        };
        fields.record(&mut written);
        written.outcome
    }
}

/// Writes the members of an object one after the other.
struct Fields<'w, W> {
    to: &'w mut W,
    is_first: bool,
    outcome: fmt::Result,
}

impl<'w, W: fmt::Write> Fields<'w, W> {
    fn first(to: &'w mut W) -> Self {
        Self {
            to,
            is_first: true,
            outcome: Ok(()),
        }
    }

    fn after_others(to: &'w mut W) -> Self {
        Self {
            is_first: false,
            ..Self::first(to)
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.quoted(name, |mut to| to.write_str(value));
    }

    fn quoted(&mut self, name: &str, write: impl FnOnce(Escaping<'_, W>) -> fmt::Result) {
        self.member(name, |to| {
            to.write_char('"')?;
            write(Escaping(to))?;
            to.write_char('"')
        });
    }

    fn number(&mut self, name: &str, value: impl fmt::Display) {
        self.member(name, |to| write!(to, "{value}"));
    }

    /// The names of fields are identifiers: nothing in them is special to JSON.
    fn member(&mut self, name: &str, write: impl FnOnce(&mut W) -> fmt::Result) {
        let is_first = std::mem::take(&mut self.is_first);
        let written = || {
            self.to.write_str(if is_first { "\"" } else { ",\"" })?;
            self.to.write_str(name)?;
            self.to.write_str("\":")?;
            write(self.to)
        };
        self.outcome = self.outcome.and_then(|()| written());
    }
}

impl<W: fmt::Write> Visit for Fields<'_, W> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.quoted(field.name(), |mut to| write!(to, "{value:?}"));
    }

    /// With its causes: often only the last of them tells what went wrong.
    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.quoted(field.name(), |mut to| {
            write!(to, "{value}")?;
            let causes = std::iter::successors(value.source(), |cause| cause.source());
            for cause in causes {
                write!(to, ": {cause}")?;
            }
            Ok(())
        });
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.number(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field.name(), value);
    }

    /// JSON knows no infinities.
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.number(field.name(), value);
        } else {
            self.member(field.name(), |to| to.write_str("null"));
        }
    }
}

#[cfg(test)]
mod tests;
