//! What brings events to whoever reads them.

use std::{path::Path, sync::Arc};

use adapters_postgres::{PgBrokerMemory, PgEventSource};
use adapters_redis::{RedisBroker, RedisBrokerOptions};
use anyhow::Context as _;
use app::{
    invoicing::InvoiceValidator,
    payments::PaymentHints,
    ports::{BrokerWatch, ConsumerGroup, EventSink, EventSource},
    vouchers::VoucherProjector,
    webhooks::WEBHOOKS_GROUP,
};
use secrecy::ExposeSecret as _;

use super::Core;
use crate::config::{BrokerKind, Settings};

/// What the places of groups are called by, in the memory beside Redis.
const REDIS: &str = "redis";

/// Everybody who reads from a broker, whatever roles this process has.
const GROUPS: [ConsumerGroup; 4] = [
    InvoiceValidator::GROUP,
    PaymentHints::GROUP,
    VoucherProjector::GROUP,
    WEBHOOKS_GROUP,
];

/// The broker of the settings. It need not be there when the server starts.
pub(crate) struct Broker {
    /// Where events are read.
    pub(crate) source: Arc<dyn EventSource>,
    /// Looks after it, unless it is the database.
    pub(crate) watch: Option<Arc<dyn BrokerWatch>>,
    way: Way,
}

/// How events come to it.
enum Way {
    /// They are there already: it is the log itself.
    None,
    Redis(RedisBroker),
    #[cfg(feature = "kafka")]
    Kafka(adapters_kafka::KafkaBroker),
}

impl Broker {
    /// As the settings want it.
    pub(crate) fn new(core: &Core, settings: &Settings) -> anyhow::Result<Self> {
        match settings.broker {
            BrokerKind::Postgres => Ok(Self {
                source: Arc::new(log(core)),
                watch: None,
                way: Way::None,
            }),
            BrokerKind::Redis => Self::redis(settings),
            BrokerKind::Kafka => Self::kafka(settings),
        }
    }

    /// Where the relay brings events, unless they are there already.
    pub(crate) fn publisher(&self, core: &Core) -> Option<Arc<dyn EventSink>> {
        match &self.way {
            Way::None => None,
            Way::Redis(redis) => {
                let memory = PgBrokerMemory::new(core.database.clone(), REDIS);
                Some(Arc::new(redis.publisher(Arc::new(memory))))
            }
            #[cfg(feature = "kafka")]
            Way::Kafka(kafka) => Some(Arc::new(kafka.publisher())),
        }
    }

    fn redis(settings: &Settings) -> anyhow::Result<Self> {
        let redis = &settings.redis;
        let url = redis.broker_url.as_ref().or(redis.url.as_ref());
        let url = url.context("there is no Redis that events could go through")?;
        let broker = RedisBroker::open(RedisBrokerOptions {
            authorities: redis.authorities_for(url).map(Path::to_owned),
            namespace: redis.namespace.clone(),
            groups: GROUPS.to_vec(),
            ..RedisBrokerOptions::new(url.expose_secret())
        })?;
        Ok(Self {
            source: Arc::new(broker.clone()),
            watch: Some(Arc::new(broker.clone())),
            way: Way::Redis(broker),
        })
    }

    #[cfg(feature = "kafka")]
    fn kafka(settings: &Settings) -> anyhow::Result<Self> {
        use adapters_kafka::{KafkaBroker, KafkaOptions, KafkaSasl, KafkaSecurity};

        let kafka = &settings.kafka;
        let user = (
            &kafka.sasl_mechanism,
            &kafka.sasl_username,
            &kafka.sasl_password,
        );
        let sasl = match user {
            (Some(mechanism), Some(username), Some(password)) => Some(KafkaSasl {
                mechanism: mechanism.clone(),
                username: username.clone(),
                password: password.expose_secret().to_owned(),
            }),
            _ => None,
        };
        let broker = KafkaBroker::open(&KafkaOptions {
            prefix: kafka.prefix.clone(),
            partitions: kafka.partitions,
            replication: kafka.replication,
            security: KafkaSecurity {
                is_encrypted: kafka.tls,
                authorities: kafka.tls_authorities.clone(),
                sasl,
            },
            ..KafkaOptions::new(kafka.servers.join(","))
        })?;
        Ok(Self {
            source: Arc::new(broker.clone()),
            watch: Some(Arc::new(broker.clone())),
            way: Way::Kafka(broker),
        })
    }

    #[cfg(not(feature = "kafka"))]
    fn kafka(settings: &Settings) -> anyhow::Result<Self> {
        anyhow::bail!(
            "this server was built without Kafka, and cannot use {:?}",
            settings.kafka
        )
    }
}

/// The log of events, which every broker is filled from.
pub(crate) fn log(core: &Core) -> PgEventSource {
    PgEventSource::new(core.database.clone(), core.bells.log.clone())
}
