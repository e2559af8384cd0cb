//! Loading a table without its indexes, which are cheaper to build than to keep up.

use anyhow::Context as _;
use tokio_postgres::Client;

/// All but the primary key's.
const LIST: &str = "
    SELECT format('%I', relation.relname), pg_get_indexdef(index.indexrelid)
      FROM pg_index AS index JOIN pg_class AS relation ON relation.oid = index.indexrelid
     WHERE index.indrelid = $1::text::regclass AND NOT index.indisprimary";

/// Drops the indexes of a table, runs `load`, and makes the same indexes again.
pub(super) async fn without_indexes(
    client: &Client,
    table: &str,
    load: impl AsyncFnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let rows = client.query(LIST, &[&table]).await?;
    let indexes: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    for (name, _) in &indexes {
        client.batch_execute(&format!("DROP INDEX {name}")).await?;
    }
    load().await?;
    client
        .batch_execute("SET maintenance_work_mem = '512MB'")
        .await?;
    for (name, definition) in &indexes {
        let made = client.batch_execute(definition).await;
        made.with_context(|| format!("cannot make the index {name}"))?;
    }
    Ok(())
}
