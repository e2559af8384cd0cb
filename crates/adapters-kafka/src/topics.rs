//! The topics, one for each kind of aggregate; they are made when they are first needed.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use app::ports::AggregateKind;
use rdkafka::{
    ClientConfig,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    error::RDKafkaErrorCode,
};

use crate::{InvalidKafkaOptions, KafkaFailure, KafkaOptions};

/// All topics of a deployment.
pub(crate) struct Topics {
    admin: Arc<AdminClient<DefaultClientContext>>,
    prefix: String,
    partitions: i32,
    replication: i32,
    deadline: Duration,
    are_there: AtomicBool,
}

impl Topics {
    pub(crate) fn new(
        config: &ClientConfig,
        options: &KafkaOptions,
    ) -> Result<Self, InvalidKafkaOptions> {
        Ok(Self {
            admin: Arc::new(config.create()?),
            prefix: options.prefix.clone(),
            partitions: options.partitions,
            replication: options.replication,
            deadline: options.deadline,
            are_there: AtomicBool::new(false),
        })
    }

    /// The topic of a kind.
    pub(crate) fn name(&self, kind: AggregateKind) -> String {
        format!("{}.{}", self.prefix, kind.code())
    }

    pub(crate) const fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Makes those that are missing, the first time and after [`Self::doubt`]. Whoever has made them all before need not let
    /// this client make any.
    pub(crate) async fn ensure(&self) -> Result<(), KafkaFailure> {
        if !self.are_there.load(Ordering::Acquire) {
            let there = self.list(self.deadline).await?;
            let names = AggregateKind::ALL.map(|kind| self.name(kind));
            let missing: Vec<_> = names.iter().filter(|it| !there.contains(*it)).collect();
            self.make(&missing).await?;
            self.are_there.store(true, Ordering::Release);
        }
        Ok(())
    }

    async fn make(&self, names: &[&String]) -> Result<(), KafkaFailure> {
        if names.is_empty() {
            return Ok(());
        }
        let topics: Vec<_> = names
            .iter()
            .map(|name| {
                let copies = TopicReplication::Fixed(self.replication);
                NewTopic::new(name, self.partitions, copies)
            })
            .collect();
        let patience = AdminOptions::new().request_timeout(Some(self.deadline));
        for made in self.admin.create_topics(&topics, &patience).await? {
            match made {
                Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((topic, code)) => return Err(KafkaFailure::NoTopic { topic, code }),
            }
        }
        Ok(())
    }

    /// After a failure: a topic may be gone.
    pub(crate) fn doubt(&self) {
        self.are_there.store(false, Ordering::Release);
    }

    /// Which topics there are.
    pub(crate) async fn list(&self, patience: Duration) -> Result<BTreeSet<String>, KafkaFailure> {
        let admin = self.admin.clone();
        let asking =
            tokio::task::spawn_blocking(move || admin.inner().fetch_metadata(None, patience));
        let asked = asking.await.map_err(|_ended| KafkaFailure::Ended)??;
        let topics = asked.topics().iter();
        Ok(topics.map(|it| it.name().to_owned()).collect())
    }
}
