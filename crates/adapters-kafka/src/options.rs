//! Where Kafka is, and how it is spoken to.

use std::{fmt, path::PathBuf, time::Duration};

use rdkafka::ClientConfig;

/// How a Kafka is used.
#[derive(Debug, Clone)]
pub struct KafkaOptions {
    /// Some of its servers, as `host:port`, separated by commas.
    pub servers: String,
    /// What the names of topics and groups start with.
    pub prefix: String,
    /// How many partitions a topic gets that is made.
    pub partitions: i32,
    /// How many copies of it there are; -1 is what the servers are set to.
    pub replication: i32,
    /// How it is made sure who is who.
    pub security: KafkaSecurity,
    /// How long an answer is waited for.
    pub deadline: Duration,
}

/// How connections are made safe.
#[derive(Debug, Clone, Default)]
pub struct KafkaSecurity {
    /// Whether they are encrypted. Needs the feature `tls`.
    pub is_encrypted: bool,
    /// The certificates of the authorities that are trusted; the system's if there is no such file.
    pub authorities: Option<PathBuf>,
    /// What this client shows of itself.
    pub sasl: Option<KafkaSasl>,
}

/// A user's name and password.
#[derive(Clone)]
pub struct KafkaSasl {
    /// `PLAIN`, or with the feature `tls` `SCRAM-SHA-256` and `SCRAM-SHA-512`.
    pub mechanism: String,
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl KafkaOptions {
    /// The defaults: prefix `tallystick`, topics of 16 partitions with as many copies as the servers are set to, no
    /// security, 10 s for an answer.
    pub fn new(servers: impl Into<String>) -> Self {
        Self {
            servers: servers.into(),
            prefix: "tallystick".to_owned(),
            partitions: 16,
            replication: -1,
            security: KafkaSecurity::default(),
            deadline: Duration::from_secs(10),
        }
    }

    /// What every client of this Kafka is set to.
    pub(crate) fn client_config(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", &self.servers)
            .set("client.id", "tallystick")
            .set("security.protocol", self.security.protocol())
            .set("reconnect.backoff.ms", "50")
            .set("reconnect.backoff.max.ms", "1000")
            // A topic that was not there when it was looked for, as while Kafka starts, is looked for again after this time.
            .set("topic.metadata.refresh.interval.ms", "5000");
        if let Some(file) = &self.security.authorities {
            config.set("ssl.ca.location", file.display().to_string());
        }
        if let Some(sasl) = &self.security.sasl {
            config
                .set("sasl.mechanism", &sasl.mechanism)
                .set("sasl.username", &sasl.username)
                .set("sasl.password", &sasl.password);
        }
        config
    }
}

impl KafkaSecurity {
    const fn protocol(&self) -> &'static str {
        match (self.is_encrypted, self.sasl.is_some()) {
            (false, false) => "plaintext",
            (true, false) => "ssl",
            (false, true) => "sasl_plaintext",
            (true, true) => "sasl_ssl",
        }
    }
}

impl fmt::Debug for KafkaSasl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KafkaSasl")
            .field("mechanism", &self.mechanism)
            .field("username", &self.username)
            .field("password", &"…")
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown_and_a_user_needs_no_encryption() {
        let mut options = KafkaOptions::new("kafka:9092");
        options.security.sasl = Some(KafkaSasl {
            mechanism: "PLAIN".to_owned(),
            username: "shop".to_owned(),
            password: "hunter2".to_owned(),
        });

        let config = options.client_config();

        assert!(!format!("{options:?}").contains("hunter2"));
        assert_eq!(config.get("security.protocol"), Some("sasl_plaintext"));
        assert_eq!(config.get("sasl.password"), Some("hunter2"));
    }
}
