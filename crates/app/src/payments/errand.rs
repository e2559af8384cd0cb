//! What workers go about.

use domain::{payments::ProviderReference, version::Version};
use jiff::Timestamp;

use crate::{
    ports::{ProviderOrder, WorkKey},
    traces::TraceContext,
};

/// What the provider is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// To do it.
    Execute,
    /// What became of it, and what the provider called it.
    LookUp(Option<ProviderReference>),
}

/// Something that was taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// What it is about.
    pub key: WorkKey,
    /// As of which version: whoever finds another one later has been too slow.
    pub version: Version,
    /// From when on others may take it over.
    pub presumed_lost_at: Timestamp,
    /// What is asked.
    pub question: Question,
    /// The trace that the call belongs to.
    pub cause: Option<TraceContext>,
    /// What is to be done.
    pub order: ProviderOrder,
}
