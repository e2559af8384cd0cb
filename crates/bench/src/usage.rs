//! What a process uses, by what Linux tells of it. Elsewhere it is not known.

use std::{fs, time::Duration};

use rustix::param::clock_ticks_per_second;

/// The processor time that a process has used, all threads together.
pub(crate) fn cpu_of(process_id: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process_id}/stat")).ok()?;
    Some(Stat::parse(&stat)?.own())
}

/// The processor time that a process and its children have used, those that have ended too. Grandchildren are left out.
pub(crate) fn cpu_of_family(process_id: u32) -> Option<Duration> {
    let parent = fs::read_to_string(format!("/proc/{process_id}/stat")).ok()?;
    let mut used = Stat::parse(&parent)?.with_ended_children();
    for process in fs::read_dir("/proc").ok()?.flatten() {
        // Some end while we look, and most of what is there is no process.
        let stat = fs::read_to_string(process.path().join("stat")).ok();
        let stat = stat.as_deref().and_then(Stat::parse);
        if let Some(child) = stat.filter(|stat| stat.parent == process_id) {
            used += child.own();
        }
    }
    Some(used)
}

/// The processor time that children of this process had used when they ended.
pub(crate) fn cpu_of_ended_children() -> Option<Duration> {
    let stat = Stat::parse(&fs::read_to_string("/proc/self/stat").ok()?)?;
    stat.with_ended_children().checked_sub(stat.own())
}

/// The memory of a process that is in RAM, in MiB.
pub(crate) fn resident_mib_of(process_id: u32) -> Option<f64> {
    resident_mib_from(&fs::read_to_string(format!("/proc/{process_id}/status")).ok()?)
}

/// What is told of a process; times in ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stat {
    parent: u32,
    /// In its own code and in the system's.
    own: u64,
    /// The same of children that have ended.
    ended_children: u64,
}

impl Stat {
    fn parse(stat: &str) -> Option<Self> {
        // The name of the program stands in parentheses and may hold anything; what follows has a fixed order.
        let (_, after_name) = stat.rsplit_once(')')?;
        let mut fields = after_name.split_whitespace();
        let parent = fields.nth(1)?.parse().ok()?;
        let mut times = fields.skip(9).map_while(|field| field.parse::<u64>().ok());
        Some(Self {
            parent,
            own: times.next()? + times.next()?,
            ended_children: times.next()? + times.next()?,
        })
    }

    fn own(&self) -> Duration {
        duration(self.own)
    }

    fn with_ended_children(&self) -> Duration {
        duration(self.own + self.ended_children)
    }
}

fn duration(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 1_000 / clock_ticks_per_second())
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

        let stat = Stat::parse(stat);

        let expected = Stat {
            parent: 1,
            own: 200,
            ended_children: 14,
        };
        assert_eq!(stat, Some(expected));
    }

    #[test]
    fn resident_memory_is_told_in_mebibytes() {
        let status = "VmPeak:\t  99999 kB\nVmRSS:\t    2048 kB\nThreads:\t4\n";

        assert_eq!(resident_mib_from(status), Some(2.0));
    }
}
