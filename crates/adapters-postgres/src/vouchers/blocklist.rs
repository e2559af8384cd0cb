//! Who may not redeem vouchers.

use std::sync::LazyLock;

use app::{
    paging::{Listing, Position, Window},
    ports::{BlockChoice, BlockFilter, StorageError, VoucherBlockQueries, VoucherBlocklist},
};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, VoucherBlockId},
    values::Metadata,
    version::Version,
    vouchers::{BlockFacts, Holder, VoucherBlock},
};
use tokio_postgres::{Row, types::Json};

use super::voucher_queries::{List, PgVoucherQueries};
use crate::{
    columns::Columns, error::corrupt, listing::collect, query_text::Conditions,
    unit_of_work::PgUnitOfWork,
};

const ENTITY: &str = "voucher block";

const COLUMNS: &str = "organization_id, id, name, metadata, created_at";

/// Changes nothing of one that is there, and gives it.
static BLOCK: LazyLock<String> = LazyLock::new(|| {
    format!(
        "INSERT INTO voucher_blocklist AS it ({COLUMNS}) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (organization_id, name) DO UPDATE SET name = it.name
         RETURNING {COLUMNS}"
    )
});

static UNBLOCK_NAMES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "DELETE FROM voucher_blocklist WHERE organization_id = $1 AND name = ANY ($2::text[]) RETURNING {COLUMNS}"
    )
});

static UNBLOCK_ONE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "DELETE FROM voucher_blocklist WHERE organization_id = $1 AND id = $2 RETURNING {COLUMNS}"
    )
});

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM voucher_blocklist WHERE organization_id = $1 AND id = $2")
});

#[async_trait]
impl VoucherBlocklist for PgUnitOfWork {
    async fn block(&mut self, block: &VoucherBlock) -> Result<BlockFacts, StorageError> {
        let facts = block.facts();
        let (owner, id) = (facts.organization_id.as_uuid(), facts.id.as_uuid());
        let metadata = Json(facts.metadata.pairs());
        let row = self
            .query_opt(
                &BLOCK,
                &[&owner, &id, &facts.name, &metadata, &facts.created_at],
            )
            .await?;
        block_from(&row.ok_or_else(|| corrupt(ENTITY, "it was stored and is not there"))?)
    }

    async fn unblock(
        &mut self,
        organization_id: OrganizationId,
        choice: BlockChoice,
    ) -> Result<Vec<VoucherBlock>, StorageError> {
        let owner = organization_id.as_uuid();
        let rows = match choice {
            BlockChoice::Names(names) => self.query(&UNBLOCK_NAMES, &[&owner, &names]).await?,
            BlockChoice::Id(id) => self.query(&UNBLOCK_ONE, &[&owner, &id.as_uuid()]).await?,
        };
        collect(&rows, |row| block_from(row).map(VoucherBlock::restore))
    }
}

#[async_trait]
impl VoucherBlockQueries for PgVoucherQueries {
    async fn find_block(
        &self,
        organization_id: OrganizationId,
        id: VoucherBlockId,
    ) -> Result<Option<BlockFacts>, StorageError> {
        let row = self
            .database()
            .query_opt(&FIND, &[&organization_id.as_uuid(), &id.as_uuid()])
            .await?;
        row.as_ref().map(block_from).transpose()
    }

    async fn list_blocks(
        &self,
        organization_id: OrganizationId,
        filter: &BlockFilter,
        window: Window,
    ) -> Result<Listing<BlockFacts>, StorageError> {
        let mut conditions = Conditions::default();
        conditions.and("organization_id = ?", organization_id.as_uuid());
        if let Some(id) = filter.customer_id {
            conditions.and("name = ?", Holder::name_of_customer(id));
        }
        if let Some(email) = &filter.email {
            conditions.and("name = ?", Holder::name_of_email(email));
        }
        let list = List {
            columns: COLUMNS,
            table: "voucher_blocklist",
            conditions,
            window,
        };
        let position_of = |it: &BlockFacts| Position {
            created_at: it.created_at,
            id: it.id.as_uuid(),
        };
        self.list_of(list, block_from, position_of).await
    }
}

/// A block is only ever made and lifted: what is stored has its first version.
fn block_from(row: &Row) -> Result<BlockFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let created_at = columns.get("created_at")?;
    Ok(BlockFacts {
        id: VoucherBlockId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        name: columns.get("name")?,
        metadata: Metadata::restore(columns.json("metadata")?),
        created_at,
        updated_at: created_at,
        version: Version::FIRST,
    })
}
