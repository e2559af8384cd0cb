//! A ledger with accounts that have money.

use std::collections::BTreeSet;

use anyhow::ensure;
use tokio_postgres::{Client, types::FromSqlOwned};
use uuid::Uuid;

use super::{connect, deposits::insert_deposits, promises};

const THROW_AWAY: &str = "
    CREATE FUNCTION throw_away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER events_are_thrown_away BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION throw_away()";

/// How much is in a ledger at first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BranchSize {
    /// How many accounts.
    pub(crate) accounts: u32,
    /// How many deposits each of them has had. Each is two entries: one on the account, one on `external`.
    pub(crate) deposits: u32,
}

/// A ledger in a database of its own.
pub(crate) struct Branch {
    /// Its address.
    pub(crate) url: String,
    /// Whose it is.
    pub(crate) organization: Uuid,
    /// What was in it at first.
    pub(crate) size: BranchSize,
    client: Client,
}

impl Branch {
    /// Fills a database that has the schema and the organization.
    pub(super) async fn open(
        url: String,
        organization: Uuid,
        size: BranchSize,
    ) -> anyhow::Result<Self> {
        let client = connect(&url).await?;
        insert_deposits(&client, organization, size).await?;
        Ok(Self {
            url,
            organization,
            size,
            client,
        })
    }

    /// From now on its events are gone as soon as they are written, so that they cost next to nothing.
    pub(crate) async fn throw_events_away(&self) -> anyhow::Result<()> {
        Ok(self.client.batch_execute(THROW_AWAY).await?)
    }

    /// Checks every promise of the ledger, and that it has as many transfers, under as many keys, as callers were told.
    pub(crate) async fn audit(&self, transfers: usize, keys: usize) -> anyhow::Result<()> {
        let told = [
            (transfers, "transfers", promises::TRANSFERS),
            (keys, "answers under a key", promises::ANSWERS),
        ];
        self.check(&promises::BROKEN, &told).await
    }

    /// Checks every promise of payments, and that there are as many as callers were told.
    pub(crate) async fn audit_payments(&self, payments: usize) -> anyhow::Result<()> {
        let told = [(payments, "payments", promises::PAYMENTS)];
        self.check(&promises::BROKEN_PAYMENTS, &told).await
    }

    /// The value of a query that has one.
    pub(crate) async fn value<T: FromSqlOwned>(&self, query: &str) -> anyhow::Result<T> {
        Ok(self.client.query_one(query, &[]).await?.try_get(0)?)
    }

    async fn check(
        &self,
        promises: &[(&str, &str)],
        told: &[(usize, &str, &str)],
    ) -> anyhow::Result<()> {
        let mut broken = BTreeSet::new();
        for (promise, query) in promises {
            let count: i64 = self.value(query).await?;
            if count > 0 {
                broken.insert(format!("{promise}: broken {count} times"));
            }
        }
        for (told, what, query) in told {
            let there: i64 = self.value(query).await?;
            if usize::try_from(there)? != *told {
                broken.insert(format!("{told} {what} were told, but {there} are there"));
            }
        }
        ensure!(broken.is_empty(), "promises were broken: {broken:#?}");
        for (promise, _) in promises {
            eprintln!("  holds: {promise}");
        }
        for (told, what, _) in told {
            eprintln!("  holds: {told} {what} were told, and are there");
        }
        Ok(())
    }
}
