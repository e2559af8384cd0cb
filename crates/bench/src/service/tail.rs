//! The end of a log that somebody reads all the time, as in production, and that is shown only when something is wrong.

use std::{
    io::Read,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

const KEPT_BYTES: usize = 8 * 1024;
const CHUNK_BYTES: usize = 64 * 1024;

/// The last of what a process has written.
#[derive(Debug, Clone)]
pub(super) struct Tail(Arc<Mutex<Vec<u8>>>);

impl Tail {
    /// Reads until the end, on a thread of its own.
    pub(super) fn of(mut output: impl Read + Send + 'static) -> Self {
        let tail = Self(Arc::default());
        let kept = tail.clone();
        thread::spawn(move || {
            let mut chunk = vec![0; CHUNK_BYTES];
            while let Ok(length @ 1..) = output.read(&mut chunk) {
                kept.keep(chunk.get(..length).unwrap_or_default());
            }
        });
        tail
    }

    /// As text.
    pub(super) fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn keep(&self, more: &[u8]) {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bytes.extend_from_slice(more);
        let surplus = bytes.len().saturating_sub(KEPT_BYTES);
        bytes.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_is_kept() {
        let tail = Tail(Arc::default());

        tail.keep(&[b'a'; KEPT_BYTES]);
        tail.keep(b"end");

        let text = tail.text();
        assert_eq!(text.len(), KEPT_BYTES);
        assert!(text.ends_with("aend"));
    }
}
