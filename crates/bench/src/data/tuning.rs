//! PostgreSQL as whoever runs a ledger on it sets it up: what `docs/operations.md` recommends, and no less durable.

use std::fs;

/// What a machine has when it does not tell.
const ASSUMED_MIB: u64 = 4 * 1024;
/// Larger ones bring nothing to databases as small as these.
const BUFFERS_MAX_MIB: u64 = 4 * 1024;

/// The settings that differ from PostgreSQL's own. Yardsticks run on the same.
pub(super) fn settings() -> Vec<(String, String)> {
    let memory = fs::read_to_string("/proc/meminfo").ok();
    let memory = memory.as_deref().and_then(total_mib);
    let buffers = (memory.unwrap_or(ASSUMED_MIB) / 4).min(BUFFERS_MAX_MIB);
    let settings = [
        ("shared_buffers", format!("{buffers}MB")),
        ("max_wal_size", "8GB".to_owned()),
        ("checkpoint_timeout", "15min".to_owned()),
        ("wal_compression", "lz4".to_owned()),
    ];
    settings
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn total_mib(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|it| it.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_the_machine_is_read() {
        let meminfo = "MemTotal:       24689764 kB\nMemFree:        1234 kB\n";

        assert_eq!(total_mib(meminfo), Some(24_111));
        assert_eq!(total_mib("MemFree: 5 kB"), None);
    }
}
