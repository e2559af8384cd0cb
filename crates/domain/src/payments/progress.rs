//! The way through a provider, which payments and refunds go alike.

use jiff::Timestamp;

use super::{
    AnswerCode, Outcome, PaymentStatus, PaymentTransitionForbidden, ProviderAnswer,
    ProviderReference, RetryDecision, Stage,
};

/// What is to follow if an answer is not the last word. Both are decided beforehand, by the policies of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowUp {
    /// Whether to try again what may be repeated.
    pub retry: RetryDecision,
    /// When to ask the provider about what nobody knows.
    pub check_at: Timestamp,
}

/// What happened on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// An attempt was begun.
    Begun,
    /// Another attempt is to be made.
    RetryScheduled,
    /// Nobody knows any more whether the money has moved.
    Doubted,
    /// The provider was asked, and it is still not known.
    Checked,
    /// The money has moved.
    Completed,
    /// The money will not move.
    Failed,
    /// It was called off.
    Cancelled,
    /// It had failed, and somebody wants it tried again.
    Revived,
}

/// How far it is, and how it got there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How far it is.
    pub stage: Stage,
    /// How many attempts were begun.
    pub attempts: u32,
    /// What the provider said last.
    pub answer: Option<AnswerCode>,
    /// What the provider calls it.
    pub reference: Option<ProviderReference>,
}

type Taken = Result<Step, PaymentTransitionForbidden>;

impl Progress {
    /// At the beginning: due at once.
    pub const fn waiting(now: Timestamp) -> Self {
        Self::at(Stage::Pending {
            next_attempt_at: now,
        })
    }

    /// At a stage, with nothing known of a provider.
    pub const fn at(stage: Stage) -> Self {
        Self {
            stage,
            attempts: 0,
            answer: None,
            reference: None,
        }
    }

    /// Begins an attempt.
    pub(super) fn begin(&mut self, presumed_lost_at: Timestamp) -> Taken {
        self.enter(Stage::Processing { presumed_lost_at })?;
        self.attempts = self.attempts.saturating_add(1);
        Ok(Step::Begun)
    }

    /// Takes an answer, to an attempt or to a question.
    pub(super) fn settle(
        &mut self,
        answer: &ProviderAnswer,
        follow_up: FollowUp,
        now: Timestamp,
    ) -> Taken {
        let step = match answer.outcome {
            Outcome::Succeeded => self.end(Stage::Completed { at: now }, Step::Completed),
            Outcome::Declined => self.end(Stage::Failed { at: now }, Step::Failed),
            Outcome::Retryable => self.retry(follow_up.retry, now),
            Outcome::Pending | Outcome::Unknown => self.doubt(follow_up.check_at, now),
        }?;
        self.answer = Some(answer.code.clone());
        if answer.reference.is_some() {
            self.reference.clone_from(&answer.reference);
        }
        Ok(step)
    }

    /// What was under way has not moved money: another attempt, or the end.
    pub(super) fn retry(&mut self, decision: RetryDecision, now: Timestamp) -> Taken {
        match decision {
            RetryDecision::At(next_attempt_at) => {
                self.end(Stage::Pending { next_attempt_at }, Step::RetryScheduled)
            }
            RetryDecision::Never => self.end(Stage::Failed { at: now }, Step::Failed),
        }
    }

    /// Nobody knows, or still nobody does.
    pub(super) fn doubt(&mut self, next_check_at: Timestamp, now: Timestamp) -> Taken {
        if let Stage::Unknown { since, checks, .. } = self.stage {
            self.stage = Stage::Unknown {
                since,
                next_check_at,
                checks: checks.saturating_add(1),
            };
            return Ok(Step::Checked);
        }
        let stage = Stage::Unknown {
            since: now,
            next_check_at,
            checks: 0,
        };
        self.end(stage, Step::Doubted)
    }

    /// The money has moved, between two accounts.
    pub(super) fn complete(&mut self, now: Timestamp) -> Taken {
        self.end(Stage::Completed { at: now }, Step::Completed)
    }

    /// Calls it off.
    pub(super) fn cancel(&mut self, now: Timestamp) -> Taken {
        self.end(Stage::Cancelled { at: now }, Step::Cancelled)
    }

    /// Tries again what has failed for good, with all attempts before it.
    pub(super) fn revive(&mut self, now: Timestamp) -> Taken {
        let from = self.stage.status();
        if from != PaymentStatus::Failed {
            let to = PaymentStatus::Pending;
            return Err(PaymentTransitionForbidden { from, to });
        }
        let stage = Stage::Pending {
            next_attempt_at: now,
        };
        self.attempts = 0;
        self.end(stage, Step::Revived)
    }

    fn end(&mut self, stage: Stage, step: Step) -> Taken {
        self.enter(stage)?;
        Ok(step)
    }

    fn enter(&mut self, stage: Stage) -> Result<(), PaymentTransitionForbidden> {
        self.stage.status().check_transition(stage.status())?;
        self.stage = stage;
        Ok(())
    }
}
