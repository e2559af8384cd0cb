//! What `pgbench` prints at its end.

/// The parts that are of interest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Summary {
    /// How many were committed.
    pub(super) transactions: u64,
    /// How many per second, once all clients were connected.
    pub(super) per_second: f64,
}

impl Summary {
    /// Reads it.
    pub(super) fn parse(printed: &str) -> Option<Self> {
        let after = |label: &str| printed.lines().find_map(|line| line.strip_prefix(label));
        let transactions = after("number of transactions actually processed: ")?;
        // With a number to be reached it is "done/wanted".
        let transactions = transactions.split('/').next()?.trim().parse().ok()?;
        let per_second = after("tps = ")?.split_whitespace().next()?.parse().ok()?;
        Some(Self {
            transactions,
            per_second,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
pgbench (15.14 (Debian 15.14-0+deb12u1))
transaction type: <builtin: TPC-B (sort of)>
scaling factor: 10
query mode: prepared
number of clients: 64
number of threads: 2
maximum number of tries: 1
duration: 5 s
number of transactions actually processed: 17519
number of failed transactions: 0 (0.000%)
latency average = 18.254 ms
initial connection time = 60.303 ms
tps = 3506.153846 (without initial connection time)
";

    #[test]
    fn transactions_and_their_rate_are_found() {
        let summary = Summary::parse(PRINTED);

        let expected = Summary {
            transactions: 17_519,
            per_second: 3_506.153_846,
        };
        assert_eq!(summary, Some(expected));
    }

    #[test]
    fn a_number_that_was_to_be_reached_is_left_out() {
        let printed = PRINTED.replace("processed: 17519", "processed: 17519/20000");

        let summary = Summary::parse(&printed).unwrap();

        assert_eq!(summary.transactions, 17_519);
    }

    #[test]
    fn output_without_a_rate_is_no_summary() {
        let cut = PRINTED.lines().take(10).collect::<Vec<_>>().join("\n");

        assert_eq!(Summary::parse(&cut), None);
    }
}
