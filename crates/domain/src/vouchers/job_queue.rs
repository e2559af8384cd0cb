//! How much an organization may have waiting.

/// Too many jobs of an organization are unfinished already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there are {UNFINISHED_JOBS_MAX} jobs that are not finished, and no more are taken until one is"
)]
pub struct TooManyJobs;

/// How many jobs of an organization may be unfinished at once: two million vouchers.
pub const UNFINISHED_JOBS_MAX: i64 = 20;

/// Lets an organization that has so many unfinished jobs order another one, or not.
pub const fn admit_job(unfinished: i64) -> Result<(), TooManyJobs> {
    if unfinished < UNFINISHED_JOBS_MAX {
        Ok(())
    } else {
        Err(TooManyJobs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_jobs_may_wait_and_no_more() {
        let admitted = [0, 19, 20, 21].map(|unfinished| admit_job(unfinished).is_ok());

        assert_eq!(admitted, [true, true, false, false]);
    }
}
