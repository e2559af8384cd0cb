//! Services whose clocks are set apart, on one database: what was done in the past is seen today.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use tests::{Database, Service, Setup};
use tokio::sync::OnceCell;

const DAY_S: i64 = 86_400;

type Cell = Arc<OnceCell<Arc<Service>>>;

static DATABASE: OnceCell<Database> = OnceCell::const_new();
static SERVICES: LazyLock<Mutex<BTreeMap<Clock, Cell>>> = LazyLock::new(Mutex::default);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Clock {
    DaysAhead(i64),
    Sweeping,
}

/// The database of all of them.
pub(crate) async fn database() -> &'static Database {
    let make = async || {
        let database = Database::fresh().await;
        // The first service prepares the schema; the others find it.
        Setup::on(&database).start().await.kill();
        database
    };
    DATABASE.get_or_init(make).await
}

/// The service as it is some days from today, or was (less than 0). It does not look for overdue invoices.
pub(crate) async fn service_in(days: i64) -> Arc<Service> {
    service(Clock::DaysAhead(days)).await
}

/// The service of today, looking for overdue invoices all the time.
pub(crate) async fn sweeping_service() -> Arc<Service> {
    service(Clock::Sweeping).await
}

async fn service(clock: Clock) -> Arc<Service> {
    let cell = Arc::clone(
        SERVICES
            .lock()
            .expect("nobody panics with it")
            .entry(clock)
            .or_default(),
    );
    let start = async || {
        let setup = Setup::on(database().await).with("DATABASE__POOL_MIN_IDLE", 0);
        let setup = match clock {
            Clock::DaysAhead(days) => setup
                .with("CLOCK__OFFSET_SECONDS", days * DAY_S)
                .in_role("api"),
            Clock::Sweeping => setup.with("SCHEDULER__OVERDUE_INTERVAL_S", 1),
        };
        Arc::new(setup.start().await)
    };
    Arc::clone(cell.get_or_init(start).await)
}
