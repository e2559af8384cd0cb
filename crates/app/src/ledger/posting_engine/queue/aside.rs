//! Who is set aside, since somebody else keeps an account locked.

use std::collections::{HashSet, VecDeque};

use domain::ids::AccountId;

use super::super::job::Job;

/// Jobs that touch an account under suspicion, in the order of arrival. They are tried by themselves, so that nobody else
/// waits with them.
#[derive(Default)]
pub(super) struct Aside {
    jobs: VecDeque<Job>,
    suspects: HashSet<AccountId>,
    /// The accounts in use that jobs were passed over for: while none of them is released, and nobody comes who wants none of
    /// them, looking again would find the same. Thousands may wait here for one account.
    awaited: HashSet<AccountId>,
    /// Whether something may be taken that could not be when it was looked at last.
    has_news: bool,
}

impl Aside {
    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Whether a job touches an account under suspicion.
    pub(super) fn concerns(&self, job: &Job) -> bool {
        !self.suspects.is_empty() && job.accounts().any(|id| self.suspects.contains(&id))
    }

    pub(super) fn push(&mut self, job: Job) {
        self.has_news |= !job.accounts().any(|id| self.awaited.contains(&id));
        self.jobs.push_back(job);
    }

    /// Notes that a batch on these accounts has ended.
    pub(super) fn release(&mut self, accounts: &[AccountId]) {
        self.has_news |= accounts.iter().any(|id| self.awaited.contains(id));
    }

    /// Suspects these accounts; takes those jobs that touch them, and gives back the others.
    pub(super) fn suspect(
        &mut self,
        accounts: impl IntoIterator<Item = AccountId>,
        jobs: VecDeque<Job>,
    ) -> VecDeque<Job> {
        self.suspects.extend(accounts);
        let (ours, others): (VecDeque<_>, _) = jobs.into_iter().partition(|it| self.concerns(it));
        self.jobs.extend(ours);
        self.has_news = true;
        others
    }

    /// Suspects these accounts no longer; gives back who touches none that is suspected.
    pub(super) fn trust(&mut self, accounts: &[AccountId]) -> VecDeque<Job> {
        let before = self.suspects.len();
        for account in accounts {
            self.suspects.remove(account);
        }
        if self.suspects.len() == before {
            return VecDeque::new();
        }
        self.has_news = true;
        let jobs = std::mem::take(&mut self.jobs).into_iter();
        let (ours, trusted) = jobs.partition(|it| self.concerns(it));
        self.jobs = ours;
        trusted
    }

    /// What can be tried now, with at most so many transfers unless they were asked for together.
    pub(super) fn take_batch(
        &mut self,
        transfers_max: usize,
        in_use: &HashSet<AccountId>,
    ) -> Vec<Job> {
        if !std::mem::take(&mut self.has_news) {
            return Vec::new();
        }
        self.awaited.clear();
        let (mut taken, mut kept) = (Vec::new(), VecDeque::new());
        let (mut count, mut wanted) = (0, HashSet::new());
        for job in std::mem::take(&mut self.jobs) {
            let after = count + job.requests().len();
            let is_too_many = after > transfers_max && !taken.is_empty();
            let is_taken = |id| in_use.contains(&id) || wanted.contains(&id);
            if is_too_many || job.accounts().any(is_taken) {
                self.has_news |= is_too_many;
                let used = job.accounts().filter(|id| in_use.contains(id));
                self.awaited.extend(used);
                wanted.extend(job.accounts());
                kept.push_back(job);
            } else {
                count = after;
                taken.push(job);
            }
        }
        self.jobs = kept;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{account, job},
        *,
    };

    fn waiting_for_account_1() -> (Aside, HashSet<AccountId>) {
        let mut aside = Aside::default();
        let in_use = HashSet::from([account(1)]);
        aside.suspect([account(1)], VecDeque::from([job("a", (1, 2))]));
        assert!(aside.take_batch(10, &in_use).is_empty());
        (aside, in_use)
    }

    #[test]
    fn who_comes_for_what_is_waited_for_already_causes_no_look_at_thousands() {
        let (mut aside, _) = waiting_for_account_1();

        aside.push(job("b", (3, 1)));
        aside.release(&[account(2), account(3)]);

        assert!(!aside.has_news);
    }

    #[test]
    fn who_comes_for_something_else_is_looked_at() {
        let (mut aside, in_use) = waiting_for_account_1();

        aside.push(job("b", (3, 4)));

        assert_eq!(aside.take_batch(10, &in_use).len(), 1);
        assert_eq!(aside.len(), 1);
    }

    #[test]
    fn all_who_wait_for_an_account_are_taken_once_it_is_released() {
        let (mut aside, _) = waiting_for_account_1();
        aside.push(job("b", (3, 1)));

        aside.release(&[account(1)]);

        assert_eq!(aside.take_batch(10, &HashSet::new()).len(), 2);
    }

    #[test]
    fn who_did_not_fit_is_looked_at_again() {
        let mut aside = Aside::default();
        let jobs = [job("a", (1, 2)), job("b", (1, 3))];
        aside.suspect([account(1)], VecDeque::from(jobs));

        assert_eq!(aside.take_batch(1, &HashSet::new()).len(), 1);

        assert!(aside.has_news);
    }
}
