//! How the server is told to look rows up by their keys one after the other, in the order in which they are given: never by a
//! scan, and planned once. Otherwise two that update the same rows could lock them in different orders, and wait for each other.

use std::sync::LazyLock;

const SETTINGS: [(&str, &str); 5] = [
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
];

/// For a session, from its start.
pub(super) fn options() -> String {
    SETTINGS
        .map(|(name, value)| format!("-c {name}={value}"))
        .join(" ")
}

/// Tells it until the transaction ends.
pub(crate) static ROW_BY_ROW: LazyLock<String> = LazyLock::new(|| {
    let settings = SETTINGS.map(|(name, value)| format!("set_config('{name}', '{value}', true)"));
    format!("SELECT {}", settings.join(", "))
});
