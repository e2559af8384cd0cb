//! How soon events reach webhooks of which one in ten never answers.

use std::time::Duration;

use anyhow::ensure;

use crate::{
    data::connect,
    figures::Figure,
    load::Span,
    run::Stage,
    service::{DATABASE_URL, Service},
    webhooks::{Audience, Happenings, Receivers},
};

const LIMIT_MS: f64 = 1_000.0;
const PER_SECOND: u32 = 200;
/// One in so many is dead.
const DEAD_ONE_IN: usize = 10;
/// Longer than an attempt may take, so that as many of the dead as will be are being waited for.
const WARM_UP: Duration = Duration::from_secs(30);
const DATABASE: &str = "webhooks";

/// From the moment before an event is written to the moment when its receiver has it.
pub(super) async fn measure(stage: &mut Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let url = bank.copy(DATABASE).await?;
    let settings = [
        (DATABASE_URL, url.as_str()),
        ("TALLYSTICK_WEBHOOKS__ALLOW_HTTP", "true"),
        ("TALLYSTICK_WEBHOOKS__ALLOWED_NETWORKS", "127.0.0.0/8"),
    ];
    let service = Service::start(&stage.program, &settings).await?;
    let database = connect(&url).await?;
    let (count, measured) = (stage.pace.webhooks, stage.pace.webhooks_s);
    let happenings = Happenings::default();
    let receivers = Receivers::open(&happenings).await?;
    let url_of = |number: usize| {
        if number.is_multiple_of(DEAD_ONE_IN) {
            receivers.dead(number)
        } else {
            receivers.living(number)
        }
    };
    let audience = Audience::gather(&database, service.address(), (count, url_of)).await?;
    receivers.count(Span::new(WARM_UP.as_secs_f64(), None));
    let pace = (PER_SECOND, WARM_UP + measured);
    happenings.go_on(&database, &audience, pace).await?;

    let (arrived, p50_ms) = receivers.delays(0.5);
    let (_, p99_ms) = receivers.delays(0.99);
    let expected = measured.as_secs_f64() * f64::from(PER_SECOND) * 0.9;
    drop((service, database));
    bank.discard(DATABASE).await?;
    ensure!(arrived > 0, "nothing arrived");
    // Counts of deliveries fit into 32 bits, which a float holds exactly.
    let share = f64::from(u32::try_from(arrived)?) / expected;
    Ok(vec![Figure {
        name: format!(
            "{count} webhooks, 10 % dead, {PER_SECOND} events/s: delay of the others, p99"
        ),
        service: None,
        yardstick: None,
        reached: format!(
            "{p99_ms:.0} ms (p50 {p50_ms:.0} ms, {:.0} % arrived)",
            share * 100.0
        ),
        required: format!("< {LIMIT_MS} ms"),
        is_ok: p99_ms < LIMIT_MS && share > 0.98,
    }])
}
