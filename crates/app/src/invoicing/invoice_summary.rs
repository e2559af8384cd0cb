//! What all invoices of an organization come to.

use std::collections::BTreeMap;

use domain::invoicing::{DueDate, InvoiceStatus};
use jiff::civil::Date;

/// A group of invoices in the read model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    /// ISO 4217 code.
    pub currency: String,
    /// Where they stand.
    pub status: InvoiceStatus,
    /// When they are to be paid.
    pub due_date: Date,
    /// How many they are.
    pub count: i64,
    /// What they come to, in minor units.
    pub total_minor: i128,
    /// What of that is still to be paid, in minor units.
    pub due_minor: i128,
}

/// How many invoices, and what they come to. A sum of amounts may be larger than any amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SummaryLine {
    /// How many.
    pub count: i64,
    /// Their sum, in minor units.
    pub sum_minor: i128,
}

/// What is owed, by how late it is, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AgedReceivables {
    /// Not late.
    pub current_minor: i128,
    /// 1 to 30 days late.
    pub days_1_to_30_minor: i128,
    /// 31 to 60 days late.
    pub days_31_to_60_minor: i128,
    /// 61 to 90 days late.
    pub days_61_to_90_minor: i128,
    /// More than 90 days late.
    pub days_over_90_minor: i128,
}

/// What the invoices of one currency come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrencySummary {
    /// ISO 4217 code.
    pub currency: String,
    /// By status, each of them: totals.
    pub by_status: Vec<(InvoiceStatus, SummaryLine)>,
    /// Those that are overdue: what is due.
    pub overdue: SummaryLine,
    /// Open ones that are due today or within 30 days: what is due.
    pub due_within_30_days: SummaryLine,
    /// What is owed, by age.
    pub aged_receivables: AgedReceivables,
}

impl SummaryLine {
    const fn add(&mut self, count: i64, minor: i128) {
        self.count += count;
        self.sum_minor += minor;
    }
}

#[derive(Default)]
struct Sums {
    by_status: BTreeMap<InvoiceStatus, SummaryLine>,
    overdue: SummaryLine,
    due_soon: SummaryLine,
    aged: [i128; 5],
}

/// Adds the groups up, as of a day (UTC).
pub fn summarise(rows: &[SummaryRow], today: Date) -> Vec<CurrencySummary> {
    let mut currencies: BTreeMap<&str, Sums> = BTreeMap::new();
    for row in rows {
        currencies.entry(&row.currency).or_default().add(row, today);
    }
    let summary = |(currency, sums): (&str, Sums)| sums.summary(currency);
    currencies.into_iter().map(summary).collect()
}

impl Sums {
    fn add(&mut self, row: &SummaryRow, today: Date) {
        let status = self.by_status.entry(row.status).or_default();
        status.add(row.count, row.total_minor);
        if !row.status.is_open() || row.due_minor == 0 {
            return;
        }
        let days_late = days_between(row.due_date, today);
        let due_date = DueDate::restore(row.due_date);
        if row.status.is_overdue(row.due_minor, due_date, today) {
            self.overdue.add(row.count, row.due_minor);
        } else if days_late >= -30 {
            self.due_soon.add(row.count, row.due_minor);
        }
        let [current, to_30, to_60, to_90, over_90] = &mut self.aged;
        let bucket = match days_late {
            ..=0 => current,
            1..=30 => to_30,
            31..=60 => to_60,
            61..=90 => to_90,
            91.. => over_90,
        };
        *bucket += row.due_minor;
    }

    fn summary(&self, currency: &str) -> CurrencySummary {
        let line = |status| {
            let sum = self.by_status.get(&status).copied().unwrap_or_default();
            (status, sum)
        };
        let [current, to_30, to_60, to_90, over_90] = self.aged;
        CurrencySummary {
            currency: currency.to_owned(),
            by_status: InvoiceStatus::ALL.into_iter().map(line).collect(),
            overdue: self.overdue,
            due_within_30_days: self.due_soon,
            aged_receivables: AgedReceivables {
                current_minor: current,
                days_1_to_30_minor: to_30,
                days_31_to_60_minor: to_60,
                days_61_to_90_minor: to_90,
                days_over_90_minor: over_90,
            },
        }
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use domain::values::AMOUNT_MINOR_MAX;
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    const TODAY: Date = date(2026, 11, 20);

    fn row(status: InvoiceStatus, due_date: Date, minor: i128) -> SummaryRow {
        SummaryRow {
            currency: "EUR".to_owned(),
            status,
            due_date,
            count: 2,
            total_minor: minor,
            due_minor: if status.is_open() { minor } else { 0 },
        }
    }

    #[rstest]
    #[case::due_today(date(2026, 11, 20), [100, 0, 0, 0, 0])]
    #[case::a_day_late(date(2026, 11, 19), [0, 100, 0, 0, 0])]
    #[case::thirty_days_late(date(2026, 10, 21), [0, 100, 0, 0, 0])]
    #[case::thirty_one(date(2026, 10, 20), [0, 0, 100, 0, 0])]
    #[case::sixty_one(date(2026, 9, 20), [0, 0, 0, 100, 0])]
    #[case::ninety(date(2026, 8, 22), [0, 0, 0, 100, 0])]
    #[case::ninety_one(date(2026, 8, 21), [0, 0, 0, 0, 100])]
    fn receivables_age_by_calendar_days(#[case] due: Date, #[case] expected: [i128; 5]) {
        let summary = summarise(&[row(InvoiceStatus::Sent, due, 100)], TODAY);

        let aged = summary[0].aged_receivables;
        let got = [
            aged.current_minor,
            aged.days_1_to_30_minor,
            aged.days_31_to_60_minor,
            aged.days_61_to_90_minor,
            aged.days_over_90_minor,
        ];
        assert_eq!(got, expected);
    }

    #[test]
    fn only_open_invoices_are_owed() {
        let late = date(2026, 1, 1);
        let rows = [
            row(InvoiceStatus::Draft, late, 1),
            row(InvoiceStatus::Paid, late, 2),
            row(InvoiceStatus::Cancelled, late, 4),
            row(InvoiceStatus::Viewed, late, 8),
            row(InvoiceStatus::Overdue, date(2026, 12, 20), 16),
        ];

        let summary = summarise(&rows, TODAY);

        let eur = &summary[0];
        assert_eq!(
            eur.overdue,
            SummaryLine {
                count: 2,
                sum_minor: 8
            }
        );
        assert_eq!(
            eur.due_within_30_days,
            SummaryLine {
                count: 2,
                sum_minor: 16
            }
        );
        assert_eq!(eur.aged_receivables.days_over_90_minor, 8);
        let draft = SummaryLine {
            count: 2,
            sum_minor: 1,
        };
        assert_eq!(eur.by_status[0], (InvoiceStatus::Draft, draft));
        assert_eq!(eur.by_status.len(), InvoiceStatus::ALL.len());
    }

    #[test]
    fn what_nothing_is_due_on_is_neither_late_nor_due_soon() {
        let days = [date(2026, 11, 1), date(2026, 12, 1)];
        let rows = days.map(|day| row(InvoiceStatus::Sent, day, 0));

        let summary = summarise(&rows, TODAY);

        let eur = &summary[0];
        let nothing = SummaryLine::default();
        assert_eq!((eur.overdue, eur.due_within_30_days), (nothing, nothing));
        assert_eq!(eur.by_status[1].1.count, 4);
    }

    #[test]
    fn a_sum_may_be_larger_than_any_amount() {
        let most = i128::from(AMOUNT_MINOR_MAX);
        let rows = [1, 2].map(|day| row(InvoiceStatus::Sent, date(2026, 12, day), most));

        let summary = summarise(&rows, TODAY);

        let sum_minor = 2 * most;
        assert_eq!(
            summary[0].due_within_30_days,
            SummaryLine {
                count: 4,
                sum_minor
            }
        );
        assert_eq!(summary[0].aged_receivables.current_minor, sum_minor);
    }
}
