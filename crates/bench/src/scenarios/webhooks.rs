//! How soon events reach webhooks of which one in ten never answers.

use std::time::Duration;

use anyhow::ensure;

use crate::{
    data::connect,
    figures::Figure,
    load::Span,
    run::Stage,
    service::{DATABASE_URL, Service},
    webhooks::{Audience, Course, Happenings, Receivers},
};

const LIMIT_MS: f64 = 1_000.0;
const PER_SECOND: u32 = 200;
/// One in so many is dead.
const DEAD_ONE_IN: usize = 10;
/// Longer than an attempt may take, so that as many of the dead as will be are being waited for.
const WARM_UP: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(10);
const DATABASE: &str = "webhooks";

fn is_living(number: usize) -> bool {
    !number.is_multiple_of(DEAD_ONE_IN)
}

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
        if is_living(number) {
            receivers.living(number)
        } else {
            receivers.dead(number)
        }
    };
    let audience = Audience::gather(&database, service.address(), (count, url_of)).await?;
    receivers.count(Span::new(WARM_UP.as_secs_f64(), None));
    let course = Course {
        per_second: PER_SECOND,
        lasting: WARM_UP + measured,
        is_waited_for: is_living,
    };
    happenings.go_on(&database, &audience, course).await?;
    let lost = happenings.left(PATIENCE).await;

    let (arrived, p50_ms) = receivers.delays(0.5);
    let (_, p99_ms) = receivers.delays(0.99);
    drop((service, database));
    bank.discard(DATABASE).await?;
    ensure!(arrived > 0, "nothing arrived");
    Ok(vec![Figure {
        name: format!(
            "{count} webhooks, 10 % dead, {PER_SECOND} events/s: delay of the others, p99"
        ),
        service: None,
        yardstick: None,
        reached: format!("{p99_ms:.0} ms (p50 {p50_ms:.0} ms, {arrived} arrived, {lost} did not)"),
        required: format!("< {LIMIT_MS} ms, all arrive"),
        is_ok: p99_ms < LIMIT_MS && lost == 0,
    }])
}
