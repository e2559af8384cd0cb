//! The resident memory of the service alone, after half of the requests and after all of them.

use anyhow::Context as _;
use uuid::Uuid;

use super::{CONNECTIONS, NEW_INVOICE};
use crate::{
    data::all_ids,
    figures::{Figure, Sample},
    load::Plan,
    run::{Extent, Stage, Target},
    service::{DATABASE_URL, Service},
    usage,
};

const LIMIT_MIB: f64 = 120.0;
/// By what share the second half may add to what the first has taken, and still be noise of the allocator.
const GROWTH_MAX: f64 = 0.1;
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
    let half = stage.pace.memory_requests / 2;
    let extent = Extent::Requests(half);
    let first = stage
        .load(target, (&plan, 0), CONNECTIONS, extent)
        .await?
        .of_success()?;
    let half_mib = resident()?;
    let second = stage
        .load(target, (&plan, half), CONNECTIONS, extent)
        .await?
        .of_success()?;
    let all_mib = resident()?;
    let is_flat = all_mib <= half_mib * (1.0 + GROWTH_MAX);
    Ok(vec![Figure {
        name: format!("resident memory, mixed load, {} requests", half * 2),
        service: Some(Sample::of(vec![first, second], Some(all_mib))),
        yardstick: None,
        reached: format!(
            "{idle_mib:.0} MiB idle, {half_mib:.0} after half, {all_mib:.0} after all"
        ),
        required: format!("< {LIMIT_MIB} MiB, flat"),
        is_ok: all_mib < LIMIT_MIB && is_flat,
    }])
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

    #[test]
    fn of_twenty_requests_one_writes() {
        let ids: Vec<Uuid> = (0..130).map(Uuid::from_u128).collect();

        let requests = mixed(&ids);

        let writing = requests.iter().filter(|it| it.starts_with("POST"));
        assert_eq!((writing.count(), requests.len()), (10, 200));
    }
}
