//! Our spans as those of the SDK.

use std::borrow::Cow;

use app::traces::{Detail, FinishedSpan, SpanKind, TraceContext};
use opentelemetry::{
    InstrumentationScope, KeyValue, Value,
    trace::{self, SpanContext, SpanId, Status, TraceFlags, TraceId, TraceState},
};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

/// The same span.
pub(super) fn span_data(span: FinishedSpan) -> SpanData {
    let parent = span
        .parent
        .map(|parent| SpanId::from_bytes(parent.id.to_bytes()));
    SpanData {
        span_context: span_context(span.context),
        parent_span_id: parent.unwrap_or(SpanId::INVALID),
        parent_span_is_remote: span.parent.is_some_and(|parent| parent.is_remote),
        span_kind: kind(span.kind),
        name: span.name,
        start_time: span.began_at.into(),
        end_time: span.ended_at.into(),
        attributes: span.details.into_iter().map(attribute).collect(),
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: span
            .failure
            .map_or(Status::Unset, |why| Status::Error { description: why }),
        instrumentation_scope: InstrumentationScope::builder("tallystick").build(),
    }
}

fn span_context(context: TraceContext) -> SpanContext {
    SpanContext::new(
        TraceId::from_bytes(context.trace_id.to_bytes()),
        SpanId::from_bytes(context.span_id.to_bytes()),
        TraceFlags::SAMPLED,
        false,
        TraceState::NONE,
    )
}

const fn kind(kind: SpanKind) -> trace::SpanKind {
    match kind {
        SpanKind::Server => trace::SpanKind::Server,
        SpanKind::Client => trace::SpanKind::Client,
        SpanKind::Producer => trace::SpanKind::Producer,
        SpanKind::Consumer => trace::SpanKind::Consumer,
        SpanKind::Internal => trace::SpanKind::Internal,
    }
}

fn attribute((key, detail): (&'static str, Detail)) -> KeyValue {
    let value = match detail {
        Detail::Word(Cow::Borrowed(word)) => Value::from(word),
        Detail::Word(Cow::Owned(word)) => Value::from(word),
        Detail::Number(number) => Value::I64(number),
    };
    KeyValue::new(key, value)
}
