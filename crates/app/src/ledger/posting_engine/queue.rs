//! Who waits to be posted, in the order of arrival.

mod aside;

use std::collections::{HashSet, VecDeque};

use domain::ids::AccountId;

use self::aside::Aside;
use super::job::Job;

/// Jobs that wait. No account is in two batches at once, and a job that has to wait makes later jobs of the same accounts
/// wait too.
///
/// A job that had to be passed over is not looked at again before an account is released that it waits for, itself or behind
/// another one: until then its accounts can only be more in use. So each arrival is looked at once, and thousands that wait
/// for an account which somebody keeps locked are in nobody's way.
#[derive(Default)]
pub(super) struct Queue {
    /// Those that cannot be posted before a batch has ended.
    passed_over: VecDeque<Job>,
    /// The accounts that those want.
    wanted: HashSet<AccountId>,
    /// Those of them that were in use: when none of these is released, nobody's wait is over.
    awaited: HashSet<AccountId>,
    /// Those that came after them and were not looked at.
    rest: VecDeque<Job>,
    /// The accounts of the batches in hand.
    in_use: HashSet<AccountId>,
    /// Those whose accounts somebody else was found to keep locked.
    aside: Aside,
}

impl Queue {
    pub(super) fn push(&mut self, job: Job) {
        if self.aside.concerns(&job) {
            self.aside.push(job);
        } else {
            self.rest.push_back(job);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn len(&self) -> usize {
        self.rest.len() + self.passed_over.len() + self.aside.len()
    }

    /// What can be posted now, with at most so many transfers unless they were asked for together. Their accounts are in
    /// use from now on.
    pub(super) fn take_batch(&mut self, transfers_max: usize) -> Vec<Job> {
        let mut taken = Vec::new();
        let mut count = 0;
        while let Some(job) = self.rest.pop_front() {
            let after = count + job.requests().len();
            let is_taken = |id| self.in_use.contains(&id) || self.wanted.contains(&id);
            if job.accounts().any(is_taken) {
                let in_use = job.accounts().filter(|id| self.in_use.contains(id));
                self.awaited.extend(in_use);
                self.wanted.extend(job.accounts());
                self.passed_over.push_back(job);
            } else if taken.is_empty() || after <= transfers_max {
                count = after;
                taken.push(job);
            } else {
                self.rest.push_front(job);
                break;
            }
        }
        self.in_use.extend(taken.iter().flat_map(Job::accounts));
        taken
    }

    /// Notes that a batch on these accounts has ended, so that whoever waits for them is looked at again.
    pub(super) fn release(&mut self, accounts: &[AccountId]) {
        let mut is_awaited = false;
        for account in accounts {
            self.in_use.remove(account);
            is_awaited |= self.awaited.contains(account);
        }
        self.aside.release(accounts);
        if is_awaited {
            self.look_at_all_again();
        }
    }

    /// Sets aside whoever wants these accounts, from now on: somebody else keeps them locked.
    pub(super) fn suspect(&mut self, accounts: impl IntoIterator<Item = AccountId>) {
        self.look_at_all_again();
        self.rest = self.aside.suspect(accounts, std::mem::take(&mut self.rest));
    }

    /// Takes those among the others again who want none but these accounts of those that were suspected.
    pub(super) fn trust(&mut self, accounts: &[AccountId]) {
        let mut trusted = self.aside.trust(accounts);
        if trusted.is_empty() {
            return;
        }
        self.look_at_all_again();
        trusted.append(&mut self.rest);
        self.rest = trusted;
    }

    /// What was set aside and can be tried now. The accounts are in use from now on.
    pub(super) fn take_aside(&mut self, transfers_max: usize) -> Vec<Job> {
        let taken = self.aside.take_batch(transfers_max, &self.in_use);
        self.in_use.extend(taken.iter().flat_map(Job::accounts));
        taken
    }

    fn look_at_all_again(&mut self) {
        self.awaited.clear();
        self.wanted.clear();
        self.passed_over.append(&mut self.rest);
        std::mem::swap(&mut self.passed_over, &mut self.rest);
    }
}

#[cfg(test)]
mod tests;
