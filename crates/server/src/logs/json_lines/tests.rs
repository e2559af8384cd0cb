//! What a machine reads in the log.

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt as _};

use super::JsonLines;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// What is logged while `log` runs, without the time.
fn logged(log: impl FnOnce()) -> Vec<Value> {
    let lines = Lines::default();
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(lines.clone())
        .event_format(JsonLines)
        .fmt_fields(JsonLines);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let read = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let instant = line.as_object_mut().unwrap().remove("timestamp").unwrap();
        assert!(instant.as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
        line
    };
    text.lines().map(read).collect()
}

#[test]
fn fields_of_every_kind_are_members_of_the_line() {
    let lines = logged(|| {
        tracing::warn!(
            target: "shop",
            text = "a \"b\"\n",
            debug = ?Some("c"),
            shown = %'d',
            count = 7_u16,
            change = -7_i64,
            is_late = true,
            ratio = 0.5,
            endless = f64::INFINITY,
            absent = None::<&str>,
            "sold {}", 1
        );
    });

    let expected = json!({
        "level": "WARN",
        "message": "sold 1",
        "text": "a \"b\"\n",
        "debug": "Some(\"c\")",
        "shown": "d",
        "count": 7,
        "change": -7,
        "is_late": true,
        "ratio": 0.5,
        "endless": null,
        "target": "shop",
    });
    assert_eq!(lines, [expected]);
}

#[test]
fn a_line_tells_the_span_that_it_was_written_in() {
    let lines = logged(|| {
        let span = tracing::info_span!("request", id = "r-1", user = tracing::field::Empty);
        span.in_scope(|| tracing::info!(target: "shop", "first"));
        span.record("user", "ada\u{9b}");
        span.in_scope(|| {
            let inner = tracing::info_span!("inner");
            span.in_scope(|| tracing::info!(target: "shop", "second"));
            inner.in_scope(|| tracing::info!(target: "shop", "third"));
        });
    });

    let spans: Vec<_> = lines.iter().map(|line| line["span"].clone()).collect();
    let expected = [
        json!({"id": "r-1", "name": "request"}),
        json!({"id": "r-1", "user": "ada\u{9b}", "name": "request"}),
        json!({"name": "inner"}),
    ];
    assert_eq!(spans, expected);
}

#[test]
fn an_error_is_told_with_its_causes() {
    let lines = logged(|| {
        let door = anyhow::anyhow!("the door is \"shut\"");
        let why = door.context("no payments can be taken up");
        let why: &(dyn std::error::Error + 'static) = why.as_ref();
        tracing::warn!(error = why, "x");
    });

    let told = "no payments can be taken up: the door is \"shut\"";
    assert_eq!(lines[0]["error"], json!(told));
}
