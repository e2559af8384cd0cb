mod conduct;
mod contention;
mod faults;
mod locks;
mod model;
mod payments;

use std::sync::Arc;

use domain::{
    ids::AccountId,
    ledger::{TransferAmount, TransferDetails, TransferKind},
    values::Currency,
};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::*;
use crate::{
    idempotency::KeyUse,
    ports::{Fingerprint, IdempotencyKey, KeyScope},
    testing::{FixedClock, MemoryPostingStore, NOW, ORGANIZATION, SequentialIds},
};

fn settings() -> EngineSettings {
    EngineSettings {
        patience: Duration::from_millis(300),
        ..EngineSettings::default()
    }
}

fn engine_over(store: &Arc<MemoryPostingStore>, settings: EngineSettings) -> PostingEngine {
    let parts = EngineParts {
        store: store.clone(),
        clock: FixedClock::at(NOW),
        ids: Arc::new(SequentialIds::default()),
    };
    let (engine, running) = PostingEngine::start(parts, settings);
    tokio::spawn(running);
    engine
}

pub(super) fn transfer(source: u128, destination: u128, minor: i64) -> TransferRequest {
    let account = |number| Party::Account(AccountId::from_uuid(Uuid::from_u128(number)));
    TransferRequest {
        kind: TransferKind::Transfer,
        source: account(source),
        destination: account(destination),
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: Currency::parse("USD").unwrap(),
        details: TransferDetails::default(),
    }
}

pub(super) fn key(key: &str, asked: u8) -> KeyUse {
    KeyUse {
        scope: KeyScope {
            organization_id: ORGANIZATION,
            key: IdempotencyKey::parse(key).unwrap(),
        },
        fingerprint: Fingerprint([asked; 32]),
    }
}

/// Asks under a key; the answer is one word for each transfer.
fn asked(key: KeyUse, ask: Ask) -> PostTransfers {
    let words = |verdict: &Verdict| match verdict {
        Verdict::Together(Ok(posted)) => format!("posted {}", posted.len()),
        Verdict::Together(Err(refused)) => refused
            .iter()
            .map(|(place, why)| format!("{place}:{}", why.code()))
            .collect::<Vec<_>>()
            .join(","),
        Verdict::Each(results) => results
            .iter()
            .map(|result| {
                result
                    .as_ref()
                    .map_or_else(domain::ledger::Rejection::code, |_| "posted")
            })
            .collect::<Vec<_>>()
            .join(","),
    };
    PostTransfers {
        key,
        ask,
        render: Box::new(move |verdict| words(verdict).into_bytes()),
    }
}

fn ask_each(engine: &PostingEngine, name: &str, request: TransferRequest) -> JoinHandle<String> {
    ask_for(engine, name, Ask::Each(vec![request]))
}

fn ask_for(engine: &PostingEngine, name: &str, ask: Ask) -> JoinHandle<String> {
    let (engine, asked) = (engine.clone(), asked(key(name, 1), ask));
    tokio::spawn(async move { words(engine.post(asked).await) })
}

fn words(replied: Result<Reply, PostingError>) -> String {
    match replied {
        Ok(Reply::Fresh(bytes)) => String::from_utf8(bytes).unwrap(),
        Ok(Reply::Replayed(bytes)) => format!("again {}", String::from_utf8(bytes).unwrap()),
        Err(error) => format!("{error}"),
    }
}
