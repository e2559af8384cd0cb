//! How far something long is: a bar in a terminal, else a line for every tenth.

use std::{
    io::{self, IsTerminal as _},
    sync::atomic::{AtomicU64, Ordering},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::output;

/// So many lines are written at most where there is no terminal.
const LINES_MAX: u64 = 10;

/// How far it is.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    what: &'static str,
    steps: u64,
    done: AtomicU64,
}

impl Progress {
    /// Nothing of so many steps, which are all of `what`, is done.
    pub(super) fn over(steps: u64, what: &'static str) -> anyhow::Result<Self> {
        let style = "{bar:40} {percent} % of the {msg}, {eta} left";
        let bar = io::stderr().is_terminal().then(|| ProgressBar::new(steps));
        let style = ProgressStyle::with_template(style)?;
        Ok(Self {
            bar: bar.map(|bar| bar.with_style(style).with_message(what)),
            what,
            steps,
            done: AtomicU64::new(0),
        })
    }

    /// So many more steps are done.
    pub(super) fn advance(&self, more: u64) {
        let before = self.done.fetch_add(more, Ordering::Relaxed);
        match &self.bar {
            Some(bar) => bar.inc(more),
            None => self.tell(before, before + more),
        }
    }

    /// It is over.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Says a tenth once it is done. More may be found than there should be.
    fn tell(&self, before: u64, now: u64) {
        let step = (self.steps / LINES_MAX).max(1);
        if now / step > before / step && now <= self.steps {
            output::note(&format!(
                "looked at {} % of the {}",
                now * 100 / self.steps,
                self.what
            ));
        }
    }
}
