//! Who did something.

use crate::ids::ApiKeyId;

/// Who caused a change, as the timeline tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A client with an API key.
    ApiKey(ApiKeyId),
    /// The service itself, in one of its roles.
    Role(&'static str),
    /// A person at the command line of the deployment.
    CommandLine,
}
