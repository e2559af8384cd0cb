//! A log line costs a request no system call: it is copied into a buffer that a thread writes out.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;

/// Lines that come within this time are written together.
const GATHER: Duration = Duration::from_millis(10);
/// A buffer this full is written at once.
const FULL_BYTES: usize = 64 * 1024;
/// A reader who cannot keep up loses lines: requests must never wait for the log.
const CAPACITY_BYTES: usize = 4 * 1024 * 1024;

/// Takes lines.
#[derive(Clone)]
pub(super) struct BufferedWriter {
    shared: Arc<Shared>,
}

/// Writes out what is left when it is dropped.
pub(crate) struct Flush {
    shared: Arc<Shared>,
    thread: Option<thread::JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    buffer: Mutex<Buffer>,
    has_news: Condvar,
}

#[derive(Default)]
struct Buffer {
    lines: Vec<u8>,
    lost: u64,
    is_closed: bool,
}

impl BufferedWriter {
    /// Starts the thread that writes to `out`.
    pub(super) fn start(out: impl Write + Send + 'static) -> io::Result<(Self, Flush)> {
        let shared = Arc::new(Shared::default());
        let (mine, theirs) = (Arc::clone(&shared), Arc::clone(&shared));
        let thread = thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || theirs.write_out(out))?;
        let flush = Flush {
            shared,
            thread: Some(thread),
        };
        Ok((Self { shared: mine }, flush))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Buffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, line: &[u8]) {
        let mut buffer = self.lock();
        if buffer.lines.len() + line.len() > CAPACITY_BYTES {
            buffer.lost += 1;
            return;
        }
        let before = buffer.lines.len();
        buffer.lines.extend_from_slice(line);
        // The thread waits for the first line, and then until there are enough.
        let is_news = before == 0 || (before < FULL_BYTES && buffer.lines.len() >= FULL_BYTES);
        drop(buffer);
        if is_news {
            self.has_news.notify_one();
        }
    }

    fn write_out(&self, mut out: impl Write) {
        let mut writing = Vec::with_capacity(FULL_BYTES);
        loop {
            let (lost, is_closed) = self.take(&mut writing);
            // A log that cannot be written has nowhere to complain.
            let _ = out.write_all(&writing);
            if lost > 0 {
                let _ = writeln!(
                    out,
                    "{{\"level\":\"WARN\",\"message\":\"{lost} log lines were lost\"}}"
                );
            }
            let _ = out.flush();
            writing.clear();
            if is_closed {
                return;
            }
        }
    }

    /// Waits for lines, and takes them all.
    fn take(&self, into: &mut Vec<u8>) -> (u64, bool) {
        let is_idle = |buffer: &mut Buffer| buffer.lines.is_empty() && !buffer.is_closed;
        let is_small = |buffer: &mut Buffer| buffer.lines.len() < FULL_BYTES && !buffer.is_closed;
        let waited = self.has_news.wait_while(self.lock(), is_idle);
        let buffer = waited.unwrap_or_else(PoisonError::into_inner);
        let gathered = self.has_news.wait_timeout_while(buffer, GATHER, is_small);
        let (mut buffer, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        mem::swap(&mut buffer.lines, into);
        (mem::take(&mut buffer.lost), buffer.is_closed)
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.has_news.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Write for &BufferedWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.shared.append(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for BufferedWriter {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Sink {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Stuck(mpsc::Receiver<()>, Sink);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            self.1.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn everything_is_written_in_order_by_the_end() {
        let sink = Sink::default();
        let (writer, flush) = BufferedWriter::start(sink.clone()).unwrap();
        let lines: Vec<String> = (0..10_000).map(|n| format!("{{\"n\":{n}}}\n")).collect();

        for line in &lines {
            (&writer).write_all(line.as_bytes()).unwrap();
        }
        drop(flush);

        assert_eq!(sink.text(), lines.concat());
    }

    #[test]
    fn a_reader_who_is_stuck_costs_lines_and_is_told_but_nobody_waits() {
        let (release, stuck) = mpsc::channel();
        let sink = Sink::default();
        let out = Stuck(stuck, sink.clone());
        let (writer, flush) = BufferedWriter::start(out).unwrap();
        let line = [b'x'; 1024];

        for _ in 0..3 * CAPACITY_BYTES / line.len() {
            (&writer).write_all(&line).unwrap();
        }
        drop(release);
        drop(flush);

        assert!(sink.text().contains("log lines were lost"));
    }
}
