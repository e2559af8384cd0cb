//! Codes in great number, from the order to the last of them; and what the service needs for that.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::{
    data::connect,
    figures::Figure,
    http::Client,
    run::{Stage, Target},
    service::{DATABASE_URL, Service},
    usage::resident_mib_of,
};

const COUNT: i64 = 100_000;
const LIMIT_S: f64 = 10.0;
/// How much more memory than before the service may take for it.
const LIMIT_MIB: f64 = 50.0;
const LOOK_EVERY: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_mins(2);

/// That there are as many codes as were ordered, all different, and as many events.
const COUNTS: &str = "
    SELECT ARRAY[(SELECT count(DISTINCT code) FROM vouchers), (SELECT count(*) FROM outbox WHERE type = 'voucher.created')]";

/// Orders codes, and waits until they are issued.
pub(in crate::scenarios) async fn bulk(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let url = bank.copy("vouchers").await?;
    let service = Service::start(&stage.program, &[(DATABASE_URL, &url)]).await?;
    let target = Target::from(&service);
    let mut client = Client::connect(target.address, Some(&bank.tenant.key)).await?;
    let tenth =
        r#"{"name":"Tenth","kind":"discount","percent_bps":1000,"max_redemptions_per_code":1}"#;
    let launched = client.post("/api/v1/campaigns", tenth).await?;
    let campaign = launched["id"].as_str().context("a campaign has an id")?;
    let memory = Memory::watch(service.process_id())?;

    let path = format!("/api/v1/campaigns/{campaign}/vouchers");
    let order = format!(r#"{{"count":{COUNT}}}"#);
    let begun = Instant::now();
    let job = client.post(&path, &order).await?;
    let job = job["id"].as_str().context("a job has an id")?.to_owned();
    until_done(&mut client, &job, begun).await?;
    let took_s = begun.elapsed().as_secs_f64();

    let more_mib = memory.more_mib();
    drop(service);
    let row = connect(&url).await?.query_one(COUNTS, &[]).await?;
    let counts: Vec<i64> = row.try_get(0)?;
    ensure!(counts == [COUNT, COUNT], "codes and events: {counts:?}");
    eprintln!("  holds: {COUNT} codes were ordered, and are there, each told by an event");
    bank.discard("vouchers").await?;
    let time = "100,000 codes, from the order to the last of them, events as well";
    let memory = "memory beyond that of the idle service while they are issued";
    Ok(vec![
        Figure::of_time(time, (took_s, LIMIT_S), "s"),
        Figure::of_time(memory, (more_mib, LIMIT_MIB), "MiB"),
    ])
}

async fn until_done(client: &mut Client, job: &str, begun: Instant) -> anyhow::Result<()> {
    let path = format!("/api/v1/jobs/{job}");
    loop {
        let told = client.get_json(&path).await?;
        match &told["status"] {
            Value::String(status) if status == "done" => return Ok(()),
            Value::String(status) if status == "failed" => anyhow::bail!("the job failed: {told}"),
            _ => ensure!(begun.elapsed() < PATIENCE, "codes are not issued: {told}"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The most memory that a process had since it was first looked at.
struct Memory {
    before_mib: f64,
    most_mib: Arc<Mutex<f64>>,
    looking: tokio::task::JoinHandle<()>,
}

impl Memory {
    fn watch(process_id: u32) -> anyhow::Result<Self> {
        let before_mib = resident_mib_of(process_id).context("its memory is not told")?;
        let most_mib = Arc::new(Mutex::new(before_mib));
        let most = Arc::clone(&most_mib);
        let looking = tokio::spawn(async move {
            while let Some(now_mib) = resident_mib_of(process_id) {
                note(&most, now_mib);
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        Ok(Self {
            before_mib,
            most_mib,
            looking,
        })
    }

    /// How much more the most was than what there was before.
    fn more_mib(self) -> f64 {
        self.looking.abort();
        let most_mib = *self.most_mib.lock().unwrap_or_else(PoisonError::into_inner);
        most_mib - self.before_mib
    }
}

fn note(most_mib: &Mutex<f64>, now_mib: f64) {
    let mut most = most_mib.lock().unwrap_or_else(PoisonError::into_inner);
    *most = most.max(now_mib);
}
