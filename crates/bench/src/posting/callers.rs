//! Callers of an engine, each with one transfer at a time.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use adapters_local::UuidV7Generator;
use anyhow::{Context as _, bail};
use app::{
    idempotency::Reply,
    ledger::PostingEngine,
    ports::{Fingerprint, IdGenerator as _},
};
use domain::ids::OrganizationId;

use super::{
    Chooser, Dice, Options,
    order::{AMOUNT_MAX_MINOR, Form, is_posted},
};
use crate::load::{Cpu, Report, Span, Tally};

/// What a posted transfer, and one that was refused, would be answered with over HTTP.
const CREATED: u16 = 201;
const UNPROCESSABLE: u16 = 422;

/// What all callers share.
struct Hall {
    engine: PostingEngine,
    chooser: Chooser,
    form: Form,
    /// What all keys of this process begin with.
    key_prefix: String,
    span: Span,
    tally: Mutex<Tally>,
    asked: AtomicUsize,
}

/// Posts through an engine as the options say.
pub(super) async fn measure(engine: PostingEngine, options: &Options) -> anyhow::Result<Report> {
    let span = Span::new(options.warm_up, Some(options.seconds));
    let hall = Arc::new(Hall {
        engine,
        chooser: Chooser::new(options.choice, options.accounts),
        form: Form::new(OrganizationId::from_uuid(options.organization))?,
        key_prefix: UuidV7Generator.new_id().to_string(),
        span,
        tally: Mutex::new(Tally::new()?),
        asked: AtomicUsize::new(0),
    });
    let callers: Vec<_> = (0..options.callers)
        .map(|caller| tokio::spawn(Arc::clone(&hall).call(Dice::new(caller))))
        .collect();
    tokio::time::sleep_until(span.from.into()).await;
    let before = Cpu::now(None, options.database_pid);
    for caller in callers {
        caller.await??;
    }
    let after = Cpu::now(None, options.database_pid);
    let tally = hall.tally.lock().unwrap_or_else(PoisonError::into_inner);
    let last = tally.last().context("no transfer was answered in time")?;
    let asked = hall.asked.load(Ordering::Relaxed);
    let report = Report::of(&tally, last - span.from, asked);
    Ok(report.with_cpu(before, after, span.from.elapsed()))
}

impl Hall {
    async fn call(self: Arc<Self>, mut dice: Dice) -> anyhow::Result<()> {
        loop {
            let number = self.asked.fetch_add(1, Ordering::Relaxed);
            let key = format!("{}-{number}", self.key_prefix);
            let fingerprint = Fingerprint([(); 32].map(|()| byte(&mut dice)));
            let amount_minor = i64::from(1 + dice.below(AMOUNT_MAX_MINOR));
            let pair = self.chooser.pair(&mut dice);
            let asked = self.form.fill(&key, fingerprint, (pair, amount_minor))?;
            let begun = Instant::now();
            let answer = match self.engine.post(asked).await? {
                Reply::Fresh(answer) => answer,
                Reply::Replayed(_) => bail!("a new key has an old answer"),
            };
            let ended = Instant::now();
            if self.span.is_measured(ended) {
                let status = if is_posted(&answer) {
                    CREATED
                } else {
                    UNPROCESSABLE
                };
                let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
                tally.record(begun, ended, status);
            }
            if self.span.is_over(ended) {
                return Ok(());
            }
        }
    }
}

fn byte(dice: &mut Dice) -> u8 {
    u8::try_from(dice.below(256)).unwrap_or_default()
}
