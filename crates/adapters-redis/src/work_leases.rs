//! Who is at work on what, in Redis.

use std::{collections::HashSet, time::Duration};

use app::ports::{LeaseRequest, LeasesUnavailable, WorkLeases};
use async_trait::async_trait;
use redis::{FromRedisValue, Pipeline, Script};
use uuid::Uuid;

use crate::pool::{RedisFailure, RedisPool, Request};

const EXTEND: &str = include_str!("work_leases/extend.lua");
const RELEASE: &str = include_str!("work_leases/release.lua");

/// One key for each piece of work: it holds the token of whoever is at it, and ends with the lease.
///
/// A Redis that was emptied gives everything out anew, which costs work and no money: what a worker writes is safe without a
/// lease.
pub struct RedisWorkLeases {
    pool: RedisPool,
    extend: Script,
    release: Script,
}

impl RedisWorkLeases {
    /// Leases through these connections.
    pub fn new(pool: RedisPool) -> Self {
        Self {
            pool,
            extend: Script::new(EXTEND),
            release: Script::new(RELEASE),
        }
    }

    fn key(&self, work: Uuid) -> String {
        format!("{}:lease:{work}", self.pool.options().namespace)
    }

    /// Runs a script for each piece, in one round trip; with the script before them, in case Redis has lost it.
    fn each(&self, (script, text): (&Script, &str), work: &[Uuid], args: &[String]) -> Pipeline {
        let mut all = redis::pipe();
        all.cmd("SCRIPT").arg("LOAD").arg(text).ignore();
        for id in work {
            all.cmd("EVALSHA")
                .arg(script.get_hash())
                .arg(1)
                .arg(self.key(*id))
                .arg(args);
        }
        all
    }

    async fn ask<T: FromRedisValue>(
        &self,
        name: &'static str,
        pipeline: &Pipeline,
    ) -> Result<T, LeasesUnavailable> {
        let asked = self.pool.query(name, Request::Pipeline(pipeline)).await;
        asked.map_err(|failure: RedisFailure| LeasesUnavailable(Box::new(failure)))
    }
}

#[async_trait]
impl WorkLeases for RedisWorkLeases {
    async fn take<'a>(
        &self,
        request: LeaseRequest<'a>,
    ) -> Result<HashSet<Uuid>, LeasesUnavailable> {
        if request.work.is_empty() {
            return Ok(HashSet::new());
        }
        let mut all = redis::pipe();
        for id in request.work {
            all.cmd("SET")
                .arg(self.key(*id))
                .arg(request.token.to_string())
                .arg("NX")
                .arg("PX")
                .arg(millis(request.lasts));
        }
        let set: Vec<bool> = self.ask("lease_take", &all).await?;
        Ok(chosen(request.work, &set))
    }

    async fn extend<'a>(
        &self,
        request: LeaseRequest<'a>,
    ) -> Result<HashSet<Uuid>, LeasesUnavailable> {
        if request.work.is_empty() {
            return Ok(HashSet::new());
        }
        let args = [request.token.to_string(), millis(request.lasts).to_string()];
        let all = self.each((&self.extend, EXTEND), request.work, &args);
        let extended: Vec<bool> = self.ask("lease_extend", &all).await?;
        Ok(chosen(request.work, &extended))
    }

    async fn release(&self, work: &[Uuid], token: Uuid) -> Result<(), LeasesUnavailable> {
        if work.is_empty() {
            return Ok(());
        }
        let all = self.each((&self.release, RELEASE), work, &[token.to_string()]);
        let _released: Vec<bool> = self.ask("lease_release", &all).await?;
        Ok(())
    }
}

fn chosen(work: &[Uuid], is_chosen: &[bool]) -> HashSet<Uuid> {
    let both = work.iter().zip(is_chosen);
    both.filter(|(_, is)| **is).map(|(id, _)| *id).collect()
}

fn millis(lasts: Duration) -> u64 {
    u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX).max(1)
}
