//! What a use case moves money with, inside the transaction of something bigger.

use jiff::Timestamp;

use super::Postings;
use crate::{events::Recorder, platform::Caller, ports::IdGenerator};

/// On whose behalf, when, and with which ids.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// For whom.
    pub caller: &'a Caller,
    /// Makes the ids.
    pub ids: &'a dyn IdGenerator,
    /// When.
    pub now: Timestamp,
}

impl<'a> Desk<'a> {
    /// What transfers are posted with.
    pub fn postings(&self) -> Postings<'a> {
        Postings {
            organization_id: self.caller.organization_id,
            now: self.now,
            ids: self.ids,
        }
    }

    /// What happenings are recorded with.
    pub fn recorder(&self) -> Recorder<'a> {
        Recorder::new(self.caller, self.ids)
    }
}
