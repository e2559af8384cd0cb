//! What Redis is asked about what is remembered.

use std::{fmt::Display, time::Duration};

use domain::{ids::OrganizationId, version::Version};

use redis::{Cmd, Pipeline, Script, ScriptInvocation};

use super::pending::Announcement;

/// A thing is remembered by whose it is, and which one.
pub(super) type Key<I> = (OrganizationId, I);

const OFFER: &str = include_str!("scripts/offer.lua");
const OFFER_ABSENT: &str = include_str!("scripts/offer_absent.lua");
const ANNOUNCE: &str = include_str!("scripts/announce.lua");

/// One script for each change: what is there is compared and replaced in one step.
pub(super) struct Scripts {
    prefix: String,
    offer: Script,
    offer_absent: Script,
    announce: Script,
}

impl Scripts {
    pub(super) fn new(namespace: &str, kind: &str) -> Self {
        Self {
            prefix: format!("{namespace}:{kind}"),
            offer: Script::new(OFFER),
            offer_absent: Script::new(OFFER_ABSENT),
            announce: Script::new(ANNOUNCE),
        }
    }

    pub(super) fn get<I: Display>(&self, key: &Key<I>) -> Cmd {
        let mut get = redis::cmd("GET");
        get.arg(self.name_of(key));
        get
    }

    /// Answers whether it was accepted.
    pub(super) fn offer<I: Display>(
        &self,
        offered: &Announcement<Key<I>>,
        bytes: &[u8],
        ttl: Duration,
    ) -> ScriptInvocation<'_> {
        let mut call = self.offer.key(self.name_of(&offered.key));
        call.arg(offered.version.as_i64())
            .arg(bytes)
            .arg(millis(ttl));
        call
    }

    /// Answers whether it was accepted.
    pub(super) fn offer_absent<I: Display>(
        &self,
        key: &Key<I>,
        announced: Option<Version>,
        ttl: Duration,
    ) -> ScriptInvocation<'_> {
        let announced = announced.map(|version| version.as_i64().to_string());
        let mut call = self.offer_absent.key(self.name_of(key));
        call.arg(millis(ttl)).arg(announced.unwrap_or_default());
        call
    }

    pub(super) fn announce<I: Display>(
        &self,
        announcement: &Announcement<Key<I>>,
        ttl: Duration,
    ) -> ScriptInvocation<'_> {
        let mut call = self.announce.key(self.name_of(&announcement.key));
        call.arg(announcement.version.as_i64()).arg(millis(ttl));
        call
    }

    /// Several announcements in one round trip, with the script before them, in case Redis has lost it.
    pub(super) fn announce_all<I: Display>(
        &self,
        announcements: &[Announcement<Key<I>>],
        ttl: Duration,
    ) -> Pipeline {
        let mut all = redis::pipe();
        all.cmd("SCRIPT").arg("LOAD").arg(ANNOUNCE).ignore();
        for announcement in announcements {
            all.cmd("EVALSHA")
                .arg(self.announce.get_hash())
                .arg(1)
                .arg(self.name_of(&announcement.key))
                .arg(announcement.version.as_i64())
                .arg(millis(ttl))
                .ignore();
        }
        all
    }

    fn name_of<I: Display>(&self, (organization, id): &Key<I>) -> String {
        format!("{}:{organization}:{id}", self.prefix)
    }
}

fn millis(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).max(1)
}
