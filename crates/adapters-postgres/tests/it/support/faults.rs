//! What goes wrong, and how it is seen.

use std::time::Duration;

use app::ports::StorageError;

use super::{Admin, Proxy, World, issued, migrated_database, wait_until};

/// How long impatient worlds wait for an answer.
pub(crate) const DEADLINE: Duration = Duration::from_millis(300);

pub(crate) fn is_unavailable<T>(result: &Result<T, StorageError>) -> bool {
    matches!(result, Err(StorageError::Unavailable(_)))
}

/// What nobody has closed is closed on its own, but nobody waits for it.
pub(crate) async fn nothing_is_open(admin: &Admin) {
    wait_until("no transaction is open", || async {
        admin.in_transaction().await == 0
    })
    .await;
}

/// A world behind a proxy that has been honest so far.
pub(crate) async fn behind_a_proxy() -> (World, Proxy, Admin) {
    let url = migrated_database().await;
    let proxy = Proxy::before(&url).await;
    let world = World::at(proxy.url.clone(), |options| {
        options.query_deadline = DEADLINE;
        options.pool_size_max = 1;
    });
    world.store_invoices(vec![issued(1, &[])]).await;
    (world, proxy, Admin::connect(&url).await)
}
