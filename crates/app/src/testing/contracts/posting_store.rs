//! The contract of [`PostingStore`].

mod stage;

use futures_util::future::join_all;

use domain::{
    ids::AccountId,
    ledger::{AccountStatus, OverdraftLimit, Standing, SystemAccount},
};

use self::stage::{FROM, OTHER, Stage, TO, folio};
use crate::{
    ports::{BatchWritten, PostingBatch, PostingStore, SystemAccountOf},
    testing::{ORGANIZATION, standing},
};

const REACHABLE: &str = "the store is there";
const AT_ONCE: usize = 20;

/// Ways in which a page may stand otherwise than it was decided on. The version alone does not tell.
const OTHERWISE: [fn(&mut Standing); 7] = [
    |page| page.balance_minor += 1,
    |page| page.held_minor += 1,
    |page| page.last_sequence += 1,
    |page| page.status = AccountStatus::Frozen,
    |page| page.overdraft_limit = OverdraftLimit::Minor(5),
    |page| page.overdraft_limit = OverdraftLimit::Unlimited,
    |page| page.version = page.version.next(),
];

/// Panics with what an adapter does not do. Accounts 1, 2 and 3 of [`ORGANIZATION`] MUST be there, in USD and without an
/// overdraft, with at least 1000 on the first one; nobody else may use the store.
pub async fn hold_posting_store_to_its_contract(store: &dyn PostingStore) {
    let stage = Stage::on(store);
    stage.gives_the_pages_that_are_there().await;
    stage.writes_what_was_decided().await;
    stage.writes_nothing_under_a_used_key().await;
    stage.writes_nothing_on_pages_that_stand_otherwise().await;
    stage.does_not_mind_when_the_last_entry_was_made().await;
    stage.writes_on_locked_pages_what_is_decided_then().await;
    stage.loses_nothing_of_many_at_once().await;
    stage.loses_nothing_of_many_that_lock().await;
    stage.makes_each_system_account_once().await;
}

impl Stage<'_> {
    async fn gives_the_pages_that_are_there(&self) {
        let asked = [folio(TO), folio(999), folio(FROM)];

        let mut found = self.store.load(&asked).await.expect(REACHABLE);

        found.sort_by_key(|page| page.folio);
        let folios: Vec<_> = found.iter().map(|page| page.folio).collect();
        assert_eq!(folios, [folio(FROM), folio(TO)]);
        assert!(found[0].balance_minor >= 1_000);
        assert_eq!(self.store.busy(&asked).await.expect(REACHABLE), []);
    }

    async fn writes_what_was_decided(&self) {
        let batch = self.decided().await;

        assert_eq!(self.write(&batch).await, BatchWritten::Committed);

        for change in &batch.changes {
            assert_eq!(self.page_at(change.after.folio).await, change.after);
        }
        assert_eq!(self.answers(&batch).await, batch.answers);
        let unheard = self.decided().await;
        assert_eq!(self.answers(&unheard).await, []);
    }

    async fn writes_nothing_under_a_used_key(&self) {
        let used = self.decided().await;
        self.write(&used).await;
        let mut batch = self.decided().await;
        batch.answers[0].scope = used.answers[0].scope.clone();

        assert_eq!(self.write(&batch).await, BatchWritten::KeyTaken);
        let locked = self.write_locked(|_| Some(batch.clone())).await;
        assert_eq!(locked, BatchWritten::KeyTaken);

        self.has_written_nothing_of(&batch).await;
        assert_eq!(self.answers(&batch).await, used.answers);
    }

    async fn writes_nothing_on_pages_that_stand_otherwise(&self) {
        for alter in OTHERWISE {
            let sound = self.decided().await;
            let (mut changed, mut relied_on) = (sound.clone(), sound.clone());
            alter(&mut changed.changes[1].before);
            alter(&mut relied_on.relied_on[0]);

            for batch in [changed, relied_on] {
                assert_eq!(self.write(&batch).await, BatchWritten::Stale, "{batch:?}");
                assert_eq!(self.answers(&batch).await, []);
            }
            self.has_written_nothing_of(&sound).await;
        }
    }

    /// What was decided counts with it, but no promise hangs on it.
    async fn does_not_mind_when_the_last_entry_was_made(&self) {
        let mut batch = self.decided().await;
        let earlier = standing(0, 0).last_entry_at;
        batch.changes[0].before.last_entry_at = earlier;
        batch.relied_on[0].last_entry_at = earlier;

        assert_eq!(self.write(&batch).await, BatchWritten::Committed);
    }

    async fn writes_on_locked_pages_what_is_decided_then(&self) {
        assert_eq!(self.write_locked(|_| None).await, BatchWritten::Stale);
        self.has_written_nothing_of(&self.decided().await).await;
        let before = self.page(TO).await.balance_minor;
        let written = self.write_locked(|pages| Some(self.decide(&pages))).await;
        assert_eq!(written, BatchWritten::Committed);
        assert_eq!(self.page(TO).await.balance_minor, before + 1);
    }

    async fn loses_nothing_of_many_at_once(&self) {
        let before = self.page(TO).await;
        let until_it_is_written = async || {
            while self.write(&self.decided().await).await != BatchWritten::Committed {}
        };

        join_all((0..AT_ONCE).map(|_| until_it_is_written())).await;

        self.has_come_on_to(&before).await;
    }

    async fn loses_nothing_of_many_that_lock(&self) {
        let before = self.page(TO).await;
        let write = async || self.write_locked(|pages| Some(self.decide(&pages))).await;

        let written = join_all((0..AT_ONCE).map(|_| write())).await;

        assert_eq!(written, [BatchWritten::Committed; AT_ONCE]);
        self.has_come_on_to(&before).await;
    }

    async fn makes_each_system_account_once(&self) {
        let usd = standing(0, 0).currency;
        let account = |system| SystemAccountOf::new(ORGANIZATION, system, usd);
        let [one, other] = [SystemAccount::Receivables, SystemAccount::TaxPayable].map(account);
        let ask = async || {
            let fresh = [(&one, self.fresh_id()), (&other, self.fresh_id())];
            let fresh = fresh.map(|(it, id)| (it.clone(), AccountId::from_uuid(id)));
            self.store.system_accounts(&fresh).await.expect(REACHABLE)
        };

        let made = join_all((0..AT_ONCE).map(|_| ask())).await;

        assert!(made.iter().all(|ids| *ids == made[0]), "{made:?}");
        assert_ne!(made[0][0], made[0][1]);
        let turned = [other, one].map(|it| (it, AccountId::from_uuid(self.fresh_id())));
        let again = self.store.system_accounts(&turned).await.expect(REACHABLE);
        assert_eq!(again, [made[0][1], made[0][0]]);
    }

    async fn has_written_nothing_of(&self, batch: &PostingBatch) {
        for change in &batch.changes {
            assert_eq!(self.page_at(change.before.folio).await, change.before);
        }
    }

    async fn has_come_on_to(&self, before: &Standing) {
        let now = self.page_at(before.folio).await;
        let count = i64::try_from(AT_ONCE).expect("a few");
        assert_eq!(now.balance_minor, before.balance_minor + count);
        assert_eq!(now.last_sequence, before.last_sequence + count);
        assert_eq!(self.page(OTHER).await.last_sequence, 0);
    }
}
