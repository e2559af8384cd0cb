//! Threads and connections.

use std::{cell::RefCell, sync::Barrier, thread, time::Instant};

use anyhow::{Context as _, anyhow};
use futures_util::{TryStreamExt as _, future::try_join_all, stream::FuturesUnordered};

use super::{Cpu, Options, Report, Span, script::Script, tally::Tally};
use crate::http::Connection;

/// What all threads share.
struct Shared<'a> {
    script: &'a Script,
    options: &'a Options,
    connected: Barrier,
}

/// Sends as the options say, from this many threads.
pub(super) fn generate(
    script: &Script,
    options: &Options,
    threads: usize,
) -> anyhow::Result<Report> {
    let threads = threads.clamp(1, options.connections.max(1));
    let shared = &Shared {
        script,
        options,
        connected: Barrier::new(threads + 1),
    };
    let parts = (0..threads).map(|index| {
        options.connections / threads + usize::from(index < options.connections % threads)
    });
    thread::scope(|scope| {
        let workers: Vec<_> = parts
            .map(|connections| scope.spawn(move || work(shared, connections)))
            .collect();
        shared.connected.wait();
        let span = shared.span();
        thread::sleep(span.from.saturating_duration_since(Instant::now()));
        let before = cpu(options);
        let mut tally = Tally::new()?;
        for worker in workers {
            let seen = worker
                .join()
                .map_err(|_panic| anyhow!("a thread panicked"))?;
            tally.add(&seen?)?;
        }
        let after = cpu(options);
        let last = tally.last().context("no answer came in time")?;
        let used = script.used();
        let report = Report::of(&tally, last - span.from, used);
        Ok(report.with_cpu(before, after, span.from.elapsed()))
    })
}

impl Shared<'_> {
    fn span(&self) -> Span {
        let measured = self.options.requests.is_none();
        Span::new(
            self.options.warm_up,
            measured.then_some(self.options.seconds),
        )
    }
}

fn cpu(options: &Options) -> Cpu {
    Cpu::now(options.server_pid, options.database_pid)
}

fn work(shared: &Shared<'_>, connections: usize) -> anyhow::Result<Tally> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    runtime.block_on(async {
        let address = shared.options.address;
        let opened = try_join_all((0..connections).map(|_| Connection::open(address))).await;
        // The others wait for this thread, whatever happened to it.
        shared.connected.wait();
        let opened = opened.with_context(|| format!("cannot connect to {address}"))?;
        let span = shared.span();
        let tally = RefCell::new(Tally::new()?);
        // An answer wakes its own connection only.
        let driven: FuturesUnordered<_> = opened
            .into_iter()
            .map(|connection| drive(connection, shared.script, span, &tally))
            .collect();
        let driven: Result<(), _> = driven.try_collect().await;
        driven.context("a connection broke")?;
        Ok(tally.into_inner())
    })
}

async fn drive(
    mut connection: Connection,
    script: &Script,
    span: Span,
    tally: &RefCell<Tally>,
) -> anyhow::Result<()> {
    let mut request = Vec::new();
    while script.next(&mut request) {
        let begun = Instant::now();
        let answer = connection.exchange(&request).await?;
        let ended = Instant::now();
        if span.is_measured(ended) {
            tally.borrow_mut().record(begun, ended, answer.status);
        }
        if span.is_over(ended) {
            break;
        }
    }
    Ok(())
}
