//! What one test of a fault has counted, for the table of `cargo xtask faults`, which runs each in a process of its own.

use std::{
    fs,
    path::PathBuf,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::binary;

/// The variable that names the file to write to.
const FILE: &str = "TALLYSTICK_FAULT_REPORT";

static COUNTED: Mutex<Counted> = Mutex::new(Counted::new());

#[derive(Debug)]
struct Counted {
    requests: u64,
    answered: u64,
    /// Since when nobody was served.
    away_since: Option<Instant>,
    away_longest: Duration,
    /// What audits have found: answered writes that are gone, and writes that are there more than once.
    audited: Option<(usize, usize)>,
}

impl Counted {
    const fn new() -> Self {
        Self {
            requests: 0,
            answered: 0,
            away_since: None,
            away_longest: Duration::ZERO,
            audited: None,
        }
    }
}

fn counted() -> MutexGuard<'static, Counted> {
    COUNTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts a request, and whether it was answered: with whatever was decided, but not with "later".
pub(crate) fn count_request(status: Option<u16>) {
    let mut counted = counted();
    counted.requests += 1;
    if status.is_some_and(|status| status < 500) {
        counted.answered += 1;
        if let Some(since) = counted.away_since.take() {
            counted.away_longest = counted.away_longest.max(since.elapsed());
        }
    } else if counted.away_since.is_none() {
        counted.away_since = Some(Instant::now());
    }
}

/// Notes what an audit has found, before it says so: how many answered writes are gone, and how many happened more than once.
pub fn note_audit(lost: usize, duplicated: usize) {
    let mut counted = counted();
    let (lost_before, duplicated_before) = counted.audited.unwrap_or_default();
    counted.audited = Some((lost_before + lost, duplicated_before + duplicated));
    drop(counted);
    write();
}

/// Writes it down, if anybody wants to know.
pub(crate) fn write() {
    static PLACE: LazyLock<Option<PathBuf>> =
        LazyLock::new(|| binary::variable(FILE).map(PathBuf::from));
    let Some(place) = &*PLACE else {
        return;
    };
    let counted = counted();
    let report = json!({
        "requests": counted.requests,
        "answered": counted.answered,
        "lost": counted.audited.map(|(lost, _)| lost),
        "duplicated": counted.audited.map(|(_, duplicated)| duplicated),
        "recovery_ms": u64::try_from(counted.away_longest.as_millis()).unwrap_or(u64::MAX),
    });
    // The table does without, and says so.
    let _ = fs::write(place, report.to_string());
}
