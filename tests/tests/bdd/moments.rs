//! Services whose clocks are set apart, on one database: what was done in the past is seen today.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use tests::{Database, Service, Setup};
use tokio::sync::{OnceCell, RwLock, RwLockReadGuard};

const DAY_S: i64 = 86_400;

type Cell = Arc<OnceCell<Arc<Service>>>;

static DATABASE: OnceCell<Database> = OnceCell::const_new();
/// By how many days their clocks are ahead.
static SERVICES: LazyLock<Mutex<BTreeMap<i64, Cell>>> = LazyLock::new(Mutex::default);

/// Either invoices of the past are being made, or somebody looks for overdue ones: never both.
static TURNS: RwLock<()> = RwLock::const_new(());

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
    let cell = Arc::clone(
        SERVICES
            .lock()
            .expect("nobody panics with it")
            .entry(days)
            .or_default(),
    );
    let start = async || {
        let setup = calm().await.with("CLOCK__OFFSET_SECONDS", days * DAY_S);
        Arc::new(setup.in_role("api").start().await)
    };
    Arc::clone(cell.get_or_init(start).await)
}

/// As long as it is kept, nobody looks for overdue invoices.
pub(crate) async fn undisturbed() -> RwLockReadGuard<'static, ()> {
    TURNS.read().await
}

/// Lets the service of today look for overdue invoices until something has come of it.
pub(crate) async fn while_sweeping<T>(awaited: impl Future<Output = T>) -> T {
    let _turn = TURNS.write().await;
    let setup = calm().await.with("SCHEDULER__OVERDUE_INTERVAL_S", 1);
    let sweeping = setup.start().await;
    let come = awaited.await;
    sweeping.kill();
    come
}

async fn calm() -> Setup {
    Setup::on(database().await).with("DATABASE__POOL_MIN_IDLE", 0)
}
