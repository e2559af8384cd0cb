//! How a transaction ends when it does not end well.

use app::ports::{StorageError, Touched};

/// The transaction was undone because a concurrent writer won.
pub(crate) struct LostRace;

/// A commit that was not answered: it may have happened.
pub(crate) struct InDoubt {
    /// What has changed if it did.
    pub(crate) touched: Vec<Touched>,
    /// Why there was no answer.
    pub(crate) why: StorageError,
}
