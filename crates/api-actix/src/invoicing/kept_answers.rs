//! Answers that show an invoice as it is kept in memory, written once instead of once per request.
//!
//! A cache in this process gives out one and the same invoice until it changes. While it does, what was written of it is
//! still right; the rest of the answer (request id, rate limit) is put on it later.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, Weak},
};

use app::invoicing::InvoiceView;
use jiff::civil::Date;
use uuid::Uuid;

use crate::answer::Answer;

/// How much one thread keeps, in bytes.
const CAPACITY_BYTES: usize = 2 * 1024 * 1024;
/// What an answer takes besides its body, about, with what is left of an invoice that is not there any more.
const OVERHEAD_BYTES: usize = 1_024;

thread_local! {
    static KEPT: RefCell<KeptAnswers> = RefCell::default();
}

/// The answer that shows an invoice as of a day: written by `write`, or kept from the last time.
pub(super) fn kept_answer(
    view: &Arc<InvoiceView>,
    today: Date,
    write: impl FnOnce() -> Answer,
) -> Answer {
    KEPT.with_borrow_mut(|kept| kept.answer(view, today, write))
}

#[derive(Default)]
struct KeptAnswers {
    by_id: HashMap<Uuid, Kept>,
    weight: usize,
}

struct Kept {
    /// As long as it is here, no other invoice has its address.
    view: Weak<InvoiceView>,
    today: Date,
    answer: Answer,
}

impl KeptAnswers {
    fn answer(
        &mut self,
        view: &Arc<InvoiceView>,
        today: Date,
        write: impl FnOnce() -> Answer,
    ) -> Answer {
        let kept = self.by_id.get(&view.entry.id);
        let kept = kept.filter(|it| it.today == today && is_same(&it.view, view));
        if let Some(kept) = kept {
            return kept.answer.clone();
        }
        let answer = write();
        // What nobody else holds will not be seen again.
        if Arc::strong_count(view) > 1 {
            self.keep(view, today, answer.clone());
        }
        answer
    }

    fn keep(&mut self, view: &Arc<InvoiceView>, today: Date, answer: Answer) {
        let added = weight(&answer);
        if self.weight + added > CAPACITY_BYTES {
            // What is still asked for is soon back.
            self.by_id.clear();
            self.weight = 0;
        }
        if added > CAPACITY_BYTES {
            return;
        }
        let kept = Kept {
            view: Arc::downgrade(view),
            today,
            answer,
        };
        let replaced = self.by_id.insert(view.entry.id, kept);
        self.weight += added;
        self.weight -= replaced.map_or(0, |it| weight(&it.answer));
    }
}

fn is_same(kept: &Weak<InvoiceView>, view: &Arc<InvoiceView>) -> bool {
    std::ptr::eq(kept.as_ptr(), Arc::as_ptr(view))
}

fn weight(answer: &Answer) -> usize {
    answer.body_bytes() + OVERHEAD_BYTES
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use app::testing::{ORGANIZATION, draft_contents};
    use domain::{ids::InvoiceId, invoicing::Invoice, version::Version};
    use jiff::{Timestamp, civil::date};

    use super::*;

    const TODAY: Date = date(2026, 11, 20);

    fn view(id: u128) -> Arc<InvoiceView> {
        let id = InvoiceId::from_uuid(Uuid::from_u128(id));
        let drafted = Invoice::draft(id, ORGANIZATION, draft_contents(), Timestamp::UNIX_EPOCH);
        Arc::new(InvoiceView::from(drafted.unwrap().facts()))
    }

    struct Writer {
        kept: KeptAnswers,
        written: Cell<u32>,
    }

    impl Writer {
        fn new() -> Self {
            Self {
                kept: KeptAnswers::default(),
                written: Cell::new(0),
            }
        }

        fn answer(&mut self, view: &Arc<InvoiceView>, today: Date) -> Answer {
            self.kept.answer(view, today, || {
                self.written.set(self.written.get() + 1);
                Answer::single(Version::FIRST, &(self.written.get(), "x".repeat(1_000)))
            })
        }
    }

    #[test]
    fn an_invoice_that_somebody_keeps_is_written_once() {
        let mut writer = Writer::new();
        let (view, _other) = (view(1), view(2));
        let _held_by_the_cache = Arc::clone(&view);

        let first = writer.answer(&view, TODAY);
        let second = writer.answer(&view, TODAY);

        assert_eq!(first, second);
        assert_eq!(writer.written.get(), 1);
    }

    #[test]
    fn another_reading_and_another_day_are_written_anew() {
        let mut writer = Writer::new();
        let (before, after) = (view(1), view(1));
        let _held_by_the_cache = [Arc::clone(&before), Arc::clone(&after)];

        writer.answer(&before, TODAY);
        writer.answer(&after, TODAY);
        writer.answer(&after, TODAY.tomorrow().unwrap());

        assert_eq!(writer.written.get(), 3);
        assert_eq!(writer.kept.by_id.len(), 1);
    }

    #[test]
    fn an_invoice_that_nobody_keeps_is_not_kept_here() {
        let mut writer = Writer::new();

        writer.answer(&view(1), TODAY);

        assert!(writer.kept.by_id.is_empty());
    }

    #[test]
    fn what_is_kept_stays_within_its_capacity() {
        let mut writer = Writer::new();

        for id in 0..5_000 {
            let view = view(id);
            let _held_by_the_cache = Arc::clone(&view);
            writer.answer(&view, TODAY);
        }

        let weights = writer.kept.by_id.values().map(|it| weight(&it.answer));
        assert_eq!(weights.sum::<usize>(), writer.kept.weight);
        assert!(writer.kept.weight <= CAPACITY_BYTES);
        assert!(writer.kept.weight > CAPACITY_BYTES / 10);
    }
}
