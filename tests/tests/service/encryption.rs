//! What goes to other machines is encrypted where it is asked for, and goes to nobody but whom it is meant for.

use std::process::Output;

use reqwest::Method;
use tests::{
    Authority, Database, Redis, RemoteCluster, Service, Setup, Tenant, customer, eventually,
};

/// How many of the service's sessions are encrypted, and how many are not.
const SESSIONS: &str = "
    SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
     WHERE application_name = 'tallystick' AND client_addr IS NOT NULL AND ssl = $1";

fn trusting(authority: &Authority) -> String {
    let file = authority.file().display().to_string();
    format!(
        "sslmode=verify-full&sslrootcert={}",
        file.replace('/', "%2F")
    )
}

async fn migrate(url: String) -> Output {
    let mut command = tests::command();
    command.env("TALLYSTICK_DATABASE__URL", url).arg("migrate");
    let migrated = tokio::task::spawn_blocking(move || command.output()).await;
    migrated.unwrap().unwrap()
}

#[tokio::test]
async fn a_database_is_spoken_to_by_tls_where_an_authority_of_ones_own_vouches_for_it() {
    let authority = Authority::new();
    let remote = RemoteCluster::encrypted(&authority.certify("localhost")).await;
    let database = Database::of(&remote.cluster);
    let url = remote.url("localhost", &trusting(&authority));
    let setup = Setup::on(&database).with("DATABASE__URL", url);

    let service = setup.start().await;

    let client = Tenant::on(&database).await.at(&service);
    client.create("/customers", &customer()).await;
    assert!(database.count(SESSIONS, &[&true]).await > 0);
    assert_eq!(database.count(SESSIONS, &[&false]).await, 0);
}

#[tokio::test]
async fn a_database_that_is_another_or_speaks_plainly_is_not_spoken_to() {
    let (authority, other) = (Authority::new(), Authority::new());
    let encrypted = RemoteCluster::encrypted(&authority.certify("localhost")).await;
    let plain = RemoteCluster::plain().await;
    let cases = [
        (
            encrypted.url("localhost", &trusting(&other)),
            "not of an authority that is trusted",
        ),
        (
            encrypted.url("127.0.0.1", &trusting(&authority)),
            "for another host",
        ),
        (
            plain.url("localhost", &trusting(&authority)),
            "does not offer TLS",
        ),
        (
            plain.url("localhost", "sslmode=require"),
            "does not offer TLS",
        ),
        (
            encrypted.url("localhost", "sslmode=verify-ca"),
            "say sslmode=verify-full",
        ),
        (
            encrypted.url("localhost", "sslrootcert=/nowhere/ca.pem"),
            "/nowhere/ca.pem cannot be read",
        ),
    ];

    for (url, expected) in cases {
        let refused = migrate(url).await;

        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(
            !refused.status.success() && told.contains(expected),
            "{told}"
        );
        assert!(!told.contains("open-sesame"), "{told}");
    }
}

async fn with_redis(redis: &Redis, host: &str, authority: &Authority) -> Service {
    let setup = Setup::on(&Database::fresh().await)
        .with("REDIS__URL", redis.encrypted_url(host))
        .with("REDIS__DEADLINE_MS", 5_000)
        .with("REDIS__TLS_AUTHORITIES", authority.file().display());
    setup.start().await
}

async fn becomes(service: &Service, status: &str) {
    eventually(format!("the health is {status}"), async || {
        let health = service.stranger().call(Method::GET, "/health").await;
        (health.json()["status"] == status).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_redis_is_spoken_to_by_tls_where_an_authority_of_ones_own_vouches_for_it() {
    let authority = Authority::new();
    let redis = Redis::encrypted(&authority.certify("localhost"), &authority).await;

    let service = with_redis(&redis, "localhost", &authority).await;

    becomes(&service, "healthy").await;
    let limited = Tenant::on(service.database()).await.at(&service);
    limited.get("/customers").await.expect(200);
    let keys: Vec<String> = redis.ask(&["KEYS", "tallystick:*"]);
    assert!(!keys.is_empty(), "it is used");
}

#[tokio::test]
async fn a_redis_that_is_another_is_done_without_and_named_in_the_log() {
    let (authority, other) = (Authority::new(), Authority::new());
    let redis = Redis::encrypted(&authority.certify("localhost"), &authority).await;
    let cases = [
        ("localhost", &other, "UnknownIssuer"),
        ("127.0.0.1", &authority, "not valid for name"),
    ];

    for (host, trusted, expected) in cases {
        let service = with_redis(&redis, host, trusted).await;

        becomes(&service, "degraded").await;
        eventually(format!("the log says {expected}"), async || {
            service.log().contains(expected).then_some(())
        })
        .await;
        let keys: Vec<String> = redis.ask(&["KEYS", "*"]);
        assert!(keys.is_empty(), "nothing was said to it: {keys:?}");
    }
}

#[test]
fn what_would_go_unencrypted_although_authorities_are_named_is_refused() {
    let cases = [
        (
            [
                ("TALLYSTICK_REDIS__URL", "redis://localhost"),
                ("TALLYSTICK_REDIS__TLS_AUTHORITIES", "/ca.pem"),
            ],
            "redis:// is not encrypted",
        ),
        (
            [
                ("TALLYSTICK_KAFKA__TLS", "false"),
                ("TALLYSTICK_KAFKA__TLS_AUTHORITIES", "/ca.pem"),
            ],
            "TALLYSTICK_KAFKA__TLS must be true",
        ),
    ];

    for (settings, expected) in cases {
        let refused = tests::command().envs(settings).arg("serve").output();

        let refused = refused.unwrap();
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{told}");
        assert!(told.contains(expected), "{told}");
    }
}

/// The client library of Kafka speaks TLS by OpenSSL only, which neither the image nor daily work has.
#[cfg(feature = "kafka")]
#[test]
fn a_kafka_that_is_to_be_spoken_to_by_tls_is_refused_by_a_server_that_cannot() {
    let cases = [
        ("TALLYSTICK_KAFKA__TLS", "true"),
        ("TALLYSTICK_KAFKA__SASL_MECHANISM", "SCRAM-SHA-256"),
    ];

    for (name, value) in cases {
        let refused = tests::command()
            .env("TALLYSTICK_BROKER", "kafka")
            .env("TALLYSTICK_KAFKA__SERVERS", "kafka:9093")
            .env(name, value)
            .arg("serve")
            .output()
            .unwrap();

        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{told}");
        assert!(told.contains("without the feature kafka-tls"), "{told}");
    }
}
