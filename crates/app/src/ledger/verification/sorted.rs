//! Going through sorted streams side by side.

use futures_util::StreamExt as _;

use crate::ports::{StorageError, Stored};

/// How many of a group are kept: enough to tell what is wrong with one that has more than it should.
const KEPT_MAX: usize = 16;

/// A stream whose next item can be looked at before it is taken.
pub(super) struct Sorted<'s, T> {
    stream: Stored<'s, T>,
    next: Option<T>,
    has_ended: bool,
}

impl<'s, T> Sorted<'s, T> {
    pub(super) const fn new(stream: Stored<'s, T>) -> Self {
        Self {
            stream,
            next: None,
            has_ended: false,
        }
    }

    /// The next item, which stays.
    pub(super) async fn peek(&mut self) -> Result<Option<&T>, StorageError> {
        if self.next.is_none() && !self.has_ended {
            self.next = self.stream.next().await.transpose()?;
            self.has_ended = self.next.is_none();
        }
        Ok(self.next.as_ref())
    }

    /// Takes the next item if it is wanted.
    pub(super) async fn next_if(
        &mut self,
        is_wanted: impl FnOnce(&T) -> bool,
    ) -> Result<Option<T>, StorageError> {
        let is_wanted = self.peek().await?.is_some_and(is_wanted);
        Ok(if is_wanted { self.next.take() } else { None })
    }

    /// Takes items as long as they are wanted, and tells how many there were; the first few are kept.
    pub(super) async fn take_group(
        &mut self,
        is_wanted: impl Fn(&T) -> bool,
        kept: &mut Vec<T>,
    ) -> Result<u64, StorageError> {
        kept.clear();
        let mut count = 0;
        while let Some(item) = self.next_if(&is_wanted).await? {
            count += 1;
            if kept.len() < KEPT_MAX {
                kept.push(item);
            }
        }
        Ok(count)
    }
}
