//! Deciding a batch: pure, in the order of arrival.

use std::collections::HashMap;

use domain::{
    ids::{AccountId, EventId, TransferId},
    ledger::{Book, Folio, PostedTransfer, Rejection, Shard, Standing, TransferOrder},
};
use jiff::Timestamp;

use super::job::{Ask, Job, Party, TransferRequest, Verdict};
use crate::{
    ports::{IdGenerator, JournalLine, KeyedAnswer, PostingBatch, StandingChange, SystemAccountOf},
    traces::TraceContext,
};

/// What a batch is decided with.
pub(super) struct Bench<'a> {
    /// When.
    pub(super) now: Timestamp,
    /// Makes the ids.
    pub(super) ids: &'a dyn IdGenerator,
    /// The pages of system accounts that this batch writes on.
    pub(super) shard: Shard,
    /// The system accounts in it.
    pub(super) systems: &'a HashMap<SystemAccountOf, AccountId>,
}

impl Bench<'_> {
    /// Decides jobs one after the other on how the accounts stand.
    pub(super) fn decide(&self, jobs: &[Job], standings: &[Standing]) -> PostingBatch {
        let mut book = Book::new(standings.iter().copied());
        let mut batch = PostingBatch::default();
        for job in jobs {
            let verdict = self.judge(job, &mut book);
            let (key, cause) = (&job.asked.key, job.span.context());
            batch.answers.push(KeyedAnswer {
                scope: key.scope.clone(),
                fingerprint: key.fingerprint,
                answer: (job.asked.render)(&verdict),
            });
            if let Ask::Payment(payment) = &job.asked.ask {
                batch
                    .payments
                    .extend(payment.to_write(&verdict, self.ids, cause));
            }
            batch
                .rejections
                .extend(verdict.rejections().map(Rejection::code));
            batch.lines.extend(self.lines(verdict, cause));
        }
        note_changes(&mut batch, standings.to_vec(), &book);
        batch
    }

    /// The pages that these jobs touch.
    pub(super) fn folios(&self, jobs: &[Job]) -> Vec<Folio> {
        let mut folios: Vec<_> = jobs
            .iter()
            .flat_map(|job| {
                let of_request = |request| self.sides(request, job);
                job.requests().iter().flat_map(of_request)
            })
            .collect();
        folios.sort_unstable();
        folios.dedup();
        folios
    }

    fn judge(&self, job: &Job, book: &mut Book) -> Verdict {
        match &job.asked.ask {
            Ask::Each(requests) => {
                let orders = requests.iter().map(|request| self.order(request, job));
                let post = |order: TransferOrder| {
                    let posting = book.post(&order, self.now)?;
                    Ok(PostedTransfer::new(order, posting))
                };
                Verdict::Each(orders.map(post).collect())
            }
            ask @ (Ask::Together(_) | Ask::Payment(_)) => {
                let orders: Vec<_> = ask
                    .requests()
                    .iter()
                    .map(|request| self.order(request, job))
                    .collect();
                let posted = book.post_all(&orders, self.now);
                let join = |postings| {
                    let pairs = orders.into_iter().zip(postings);
                    pairs.map(|(order, posting)| PostedTransfer::new(order, posting))
                };
                Verdict::Together(posted.map(|postings: Vec<_>| join(postings).collect()))
            }
        }
    }

    fn order(&self, request: &TransferRequest, job: &Job) -> TransferOrder {
        let id = TransferId::from_uuid(self.ids.new_id());
        request.order(id, job.organization_id(), self.sides(request, job))
    }

    fn sides(&self, request: &TransferRequest, job: &Job) -> [Folio; 2] {
        request.parties().map(|party| match party {
            Party::Account(id) => Folio::whole(*id),
            Party::System(_) => {
                let account = request.system_account(party, job.organization_id());
                let id = account.and_then(|account| self.systems.get(&account));
                // A lane looks all of them up first; one that is missing would be rejected as not there.
                let unknown = || AccountId::from_uuid(uuid::Uuid::nil());
                Folio {
                    account_id: id.copied().unwrap_or_else(unknown),
                    shard: self.shard,
                }
            }
        })
    }

    fn lines(
        &self,
        verdict: Verdict,
        cause: Option<TraceContext>,
    ) -> impl Iterator<Item = JournalLine> {
        verdict.into_posted().map(move |transfer| JournalLine {
            cause,
            event_id: EventId::from_uuid(self.ids.new_id()),
            transfer,
        })
    }
}

fn note_changes(batch: &mut PostingBatch, mut standings: Vec<Standing>, book: &Book) {
    standings.sort_unstable_by_key(|it| it.folio);
    for before in standings {
        match book.standing(before.folio) {
            Some(&after) if after.version != before.version => {
                batch.changes.push(StandingChange { before, after });
            }
            Some(_) | None => batch.relied_on.push(before),
        }
    }
}
