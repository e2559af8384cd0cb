//! What a process uses, by what Linux tells of it. Elsewhere it is not known.

use std::{fs, time::Duration};

use rustix::param::clock_ticks_per_second;

/// The processor time that a process has used, all threads together.
pub(crate) fn cpu_of(process_id: u32) -> Option<Duration> {
    cpu_from(&fs::read_to_string(format!("/proc/{process_id}/stat")).ok()?)
}

/// The memory of a process that is in RAM, in MiB.
pub(crate) fn resident_mib_of(process_id: u32) -> Option<f64> {
    resident_mib_from(&fs::read_to_string(format!("/proc/{process_id}/status")).ok()?)
}

fn cpu_from(stat: &str) -> Option<Duration> {
    // The name of the program stands in parentheses and may hold anything; what follows has a fixed order.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis(
        (user + system) * 1_000 / clock_ticks_per_second(),
    ))
}

fn resident_mib_from(status: &str) -> Option<f64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kib) / 1_024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_are_found_behind_any_name() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 150 50 7 7 20 0 4 0 100 1 1";

        let used = cpu_from(stat);

        assert_eq!(
            used,
            Some(Duration::from_millis(200_000 / clock_ticks_per_second()))
        );
    }

    #[test]
    fn resident_memory_is_told_in_mebibytes() {
        let status = "VmPeak:\t  99999 kB\nVmRSS:\t    2048 kB\nThreads:\t4\n";

        assert_eq!(resident_mib_from(status), Some(2.0));
    }
}
