//! The resident memory of the service alone, looked at again and again while it answers requests of all kinds.
//!
//! An allocator gives memory back when it sees fit, so one look may meet it before or after. A leak lifts all looks: the
//! medians of two halves tell it from that.

use anyhow::Context as _;
use uuid::Uuid;

use super::{CONNECTIONS, NEW_INVOICE};
use crate::{
    data::all_ids,
    figures::{Figure, Sample, median},
    load::Plan,
    run::{Extent, Stage, Target},
    service::{DATABASE_URL, Service},
    usage,
};

const LIMIT_MIB: f64 = 120.0;
/// By what share the second half may lie above the first, and still be noise of the allocator.
const GROWTH_MAX: f64 = 0.1;
/// How often memory is looked at.
const LOOKS: usize = 22;
/// How many looks it takes until all connections and caches are there. They count for the limit only.
const WARM_UP: usize = 2;
/// How many invoices are asked for again and again.
const HOT: usize = 100;

/// Everything that clients do, with the service's own settings.
pub(super) async fn measure(stage: &mut Stage) -> anyhow::Result<Vec<Figure>> {
    let warehouse = stage.fill().await?;
    let (url, key) = (warehouse.url(), warehouse.tenant.key.clone());
    let ids = all_ids(&warehouse.client).await?;
    let plan = Plan {
        key,
        bodies: vec![NEW_INVOICE.to_owned()],
        requests: mixed(&ids),
    };
    let plan = stage.plan("memory", &plan)?;
    let service = Service::start(&stage.program, &[(DATABASE_URL, &url)]).await?;
    let target = Target::from(&service);
    let resident = || usage::resident_mib_of(target.process_id).context("memory is not told here");
    let idle_mib = resident()?;
    let portion = stage.pace.memory_requests.div_ceil(LOOKS);
    let extent = Extent::Requests(portion);
    let (mut reports, mut looks) = (Vec::new(), Vec::new());
    for look in 0..LOOKS {
        let done = portion * look;
        let report = stage.load(target, (&plan, done), CONNECTIONS, extent);
        reports.push(report.await?.of_success()?);
        looks.push(resident()?);
    }
    eprintln!("  resident, MiB: {looks:.0?}");
    let sample = Sample::of(reports, looks.last().copied());
    Ok(vec![figure(idle_mib, &looks, sample, portion * LOOKS)])
}

fn figure(idle_mib: f64, looks: &[f64], sample: Sample, requests: usize) -> Figure {
    let warm = looks.get(WARM_UP..).unwrap_or_default();
    let (first, second) = warm.split_at(warm.len() / 2);
    let half_mib = |looks: &[f64]| median(looks.iter().copied()).unwrap_or_default();
    let (first_mib, second_mib) = (half_mib(first), half_mib(second));
    let most_mib = looks.iter().copied().fold(idle_mib, f64::max);
    Figure {
        name: format!("resident memory, mixed load, {requests} requests"),
        service: Some(sample),
        yardstick: None,
        reached: format!(
            "{idle_mib:.0} MiB idle, {first_mib:.0} in the first half, {second_mib:.0} in the second, {most_mib:.0} at most"
        ),
        required: format!("< {LIMIT_MIB} MiB, flat"),
        is_ok: most_mib < LIMIT_MIB && second_mib <= first_mib * (1.0 + GROWTH_MAX),
    }
}

/// Of twenty requests: thirteen for some invoice, four for one that many ask for, two lists, one new invoice.
fn mixed(ids: &[Uuid]) -> Vec<String> {
    let one = |id: &Uuid| format!("GET /api/v1/invoices/{id}");
    let hot: Vec<String> = ids.iter().take(HOT).map(one).collect();
    let mut again = hot.iter().cycle();
    let mut requests = Vec::with_capacity(ids.len() * 20 / 13 + 20);
    for thirteen in ids.chunks(13) {
        requests.extend(thirteen.iter().map(one));
        requests.extend(again.by_ref().take(4).cloned());
        requests.push("GET /api/v1/invoices".to_owned());
        requests.push("GET /api/v1/invoices?status=overdue&currency=EUR".to_owned());
        requests.push("POST /api/v1/invoices".to_owned());
    }
    requests
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ok(looks: impl IntoIterator<Item = f64>) -> bool {
        let looks: Vec<f64> = looks.into_iter().collect();
        figure(60.0, &looks, Sample::of(Vec::new(), None), 1).is_ok
    }

    #[test]
    fn a_leak_is_told_from_noise() {
        let noise = [50.0, 58.0, 47.0, 55.0].repeat(LOOKS);
        let noise = || noise.iter().copied().take(LOOKS);
        let leak = (0_u8..).map(|look| f64::from(look) * 0.8);

        assert!(is_ok(noise()));
        assert!(!is_ok(noise().zip(leak).map(|(noise, leak)| noise + leak)));
        assert!(!is_ok([121.0].into_iter().chain(noise())));
    }

    #[test]
    fn of_twenty_requests_one_writes() {
        let ids: Vec<Uuid> = (0..130).map(Uuid::from_u128).collect();

        let requests = mixed(&ids);

        let writing = requests.iter().filter(|it| it.starts_with("POST"));
        assert_eq!((writing.count(), requests.len()), (10, 200));
    }
}
