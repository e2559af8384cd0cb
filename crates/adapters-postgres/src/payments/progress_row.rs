//! How far payments and refunds are: the columns that both tables have.

use app::ports::StorageError;
use domain::payments::{AnswerCode, PaymentStatus, Progress, ProviderReference, Stage};
use jiff::Timestamp;

use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

const ENTITY: &str = "progress of a payment";

/// In the order of [`progress_columns`].
pub(super) const COLUMNS: &str =
    "attempts, due_at, unknown_since, checks, answer_code, provider_reference, ended_at";

pub(super) fn progress_from(columns: Columns<'_>) -> Result<Progress, StorageError> {
    let answer: Option<String> = columns.get("answer_code")?;
    Ok(Progress {
        stage: stage_from(columns)?,
        attempts: count(columns, "attempts")?,
        answer: answer.map(AnswerCode::restore),
        reference: columns.parse_optional("provider_reference", ProviderReference::parse)?,
    })
}

fn stage_from(columns: Columns<'_>) -> Result<Stage, StorageError> {
    let status = columns.parse("status", PaymentStatus::parse)?;
    let due_at = || instant(columns, "due_at");
    let at = || instant(columns, "ended_at");
    Ok(match status {
        PaymentStatus::Pending => Stage::Pending {
            next_attempt_at: due_at()?,
        },
        PaymentStatus::Processing => Stage::Processing {
            presumed_lost_at: due_at()?,
        },
        PaymentStatus::Unknown => Stage::Unknown {
            since: instant(columns, "unknown_since")?,
            next_check_at: due_at()?,
            checks: count(columns, "checks")?,
        },
        PaymentStatus::Completed | PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded => {
            Stage::Completed { at: at()? }
        }
        PaymentStatus::Failed => Stage::Failed { at: at()? },
        PaymentStatus::Cancelled => Stage::Cancelled { at: at()? },
    })
}

fn instant(columns: Columns<'_>, column: &str) -> Result<Timestamp, StorageError> {
    let instant: Option<Timestamp> = columns.get(column)?;
    instant.ok_or_else(|| corrupt(ENTITY, format!("there is no {column}")))
}

fn count(columns: Columns<'_>, column: &str) -> Result<u32, StorageError> {
    let count: i32 = columns.get(column)?;
    u32::try_from(count).map_err(|why| corrupt(ENTITY, why))
}

/// Counts that are too high to be stored stay at the highest that can be.
fn stored(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

pub(super) fn progress_columns(progress: &Progress) -> [OwnedParam; 7] {
    let doubt = progress.stage.doubt();
    let answer = progress.answer.as_ref();
    let reference = progress.reference.as_ref();
    [
        Box::new(stored(progress.attempts)),
        Box::new(progress.stage.due_at()),
        Box::new(doubt.map(|(since, _)| since)),
        Box::new(stored(doubt.map_or(0, |(_, checks)| checks))),
        Box::new(answer.map(|it| it.as_str().to_owned())),
        Box::new(reference.map(|it| it.as_str().to_owned())),
        Box::new(progress.stage.ended_at()),
    ]
}

/// For the history: how many attempts there were, and what was answered last.
pub(crate) fn attempt_columns(progress: &Progress) -> [OwnedParam; 2] {
    let answer = progress.answer.as_ref();
    [
        Box::new(stored(progress.attempts)),
        Box::new(answer.map(|it| it.as_str().to_owned())),
    ]
}
