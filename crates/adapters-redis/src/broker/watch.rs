//! Whether this Redis is one that events may go through.

use std::time::Instant;

use app::ports::{BrokerCondition, BrokerWatch};
use async_trait::async_trait;

use super::RedisBroker;
use crate::pool::Request;

const POLICY: &str = "maxmemory_policy:";
const SUITABLE: &str = "noeviction";

#[async_trait]
impl BrokerWatch for RedisBroker {
    async fn look(&self) -> BrokerCondition {
        let asked_at = Instant::now();
        let mut facts = redis::cmd("INFO");
        facts.arg("memory");
        let link = &self.shared.link;
        let Ok(facts) = link.ask::<String>(Request::Command(&facts)).await else {
            return BrokerCondition::Away;
        };
        let mut lines = facts.lines();
        match lines.find_map(|line| line.strip_prefix(POLICY)) {
            Some(policy) if policy.trim() != SUITABLE => BrokerCondition::Unsuitable(format!(
                "maxmemory-policy of the Redis that events go through is {}, and must be {SUITABLE}: \
                 else it throws events away",
                policy.trim()
            )),
            _ => BrokerCondition::Well(asked_at.elapsed()),
        }
    }
}
