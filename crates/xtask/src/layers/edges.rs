//! `domain ← app ← {adapters-*, api-*} ← server`.

use anyhow::Context;
use serde_json::Value;

/// A crate of the workspace and what it depends on.
#[derive(Debug)]
pub(super) struct Crate {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug)]
struct Dependency {
    name: String,
    /// From this workspace.
    is_ours: bool,
    /// Only its tests use it.
    is_dev: bool,
}

/// What a crate may know. A pattern that ends with `*` means every name that begins so.
struct Layer {
    crates: &'static str,
    /// Crates of the workspace that it may use.
    may_use: &'static [&'static str],
    /// And those that its tests may use besides.
    tests_may_use: &'static [&'static str],
    others: Others,
}

/// Which libraries from outside a crate may use (its tests may use any).
enum Others {
    /// Nothing else than these.
    Only(&'static [&'static str]),
    /// Anything but these.
    AllBut(&'static [&'static [&'static str]]),
}

/// Small libraries of values: no I/O, no clock, no randomness, no serialization.
const VALUES: &[&str] = &[
    "base64",
    "email_address",
    "iso_country",
    "iso_currency",
    "jiff",
    "rust_decimal",
    "thiserror",
    "unicode-normalization",
    "url",
    "uuid",
];
const HTTP: &[&str] = &[
    "actix*", "axum", "http", "hyper*", "reqwest", "tonic*", "utoipa*",
];
const SQL: &[&str] = &[
    "deadpool-postgres",
    "postgres*",
    "refinery*",
    "sqlx*",
    "tokio-postgres*",
];
const REDIS: &[&str] = &["deadpool-redis", "redis", "fred"];
const BROKERS: &[&str] = &["rdkafka*", "rskafka"];

/// Crates have spans and log lines (`app::traces`, `tracing`); where these go, only the server knows.
const TELEMETRY: &[&str] = &["opentelemetry*", "sentry*", "tracing-opentelemetry"];

/// What calls others over HTTP, and is called by nobody.
const CALLS_OTHERS: Others = Others::AllBut(&[
    TELEMETRY,
    SQL,
    REDIS,
    BROKERS,
    &["actix*", "tonic*", "utoipa*"],
]);

/// Every crate that there may be. A new one gets its line here, and a reader sees at once where it belongs.
const LAYERS: &[Layer] = &[
    Layer {
        crates: "domain",
        may_use: &[],
        tests_may_use: &[],
        others: Others::Only(VALUES),
    },
    Layer {
        crates: "app",
        may_use: &["domain"],
        tests_may_use: &["app"],
        others: Others::AllBut(&[TELEMETRY, HTTP, SQL, REDIS, BROKERS, &["deadpool*"]]),
    },
    Layer {
        crates: "api-shared",
        may_use: &["domain", "app"],
        tests_may_use: &["app"],
        others: Others::AllBut(&[TELEMETRY, HTTP, SQL, REDIS, BROKERS]),
    },
    Layer {
        crates: "adapters-postgres",
        may_use: &["domain", "app"],
        tests_may_use: &["app", "embedded-postgres"],
        others: Others::AllBut(&[TELEMETRY, HTTP, REDIS, BROKERS]),
    },
    Layer {
        crates: "adapters-redis",
        may_use: &["domain", "app"],
        tests_may_use: &["app", "embedded-postgres"],
        others: Others::AllBut(&[TELEMETRY, HTTP, SQL, BROKERS]),
    },
    Layer {
        crates: "adapters-kafka",
        may_use: &["domain", "app"],
        tests_may_use: &["app"],
        others: Others::AllBut(&[TELEMETRY, HTTP, SQL, REDIS]),
    },
    Layer {
        crates: "adapters-local",
        may_use: &["domain", "app"],
        tests_may_use: &["app"],
        others: Others::AllBut(&[TELEMETRY, HTTP, SQL, REDIS, BROKERS]),
    },
    Layer {
        crates: "adapters-providers",
        may_use: &["domain", "app"],
        tests_may_use: &["app"],
        others: CALLS_OTHERS,
    },
    Layer {
        crates: "adapters-webhooks",
        may_use: &["domain", "app"],
        tests_may_use: &["app"],
        others: CALLS_OTHERS,
    },
    Layer {
        crates: "api-actix",
        may_use: &["domain", "app", "api-shared"],
        tests_may_use: &["app", "embedded-postgres"],
        others: Others::AllBut(&[TELEMETRY, SQL, REDIS, BROKERS, &["reqwest", "tonic*"]]),
    },
    Layer {
        crates: "api-grpc",
        may_use: &["domain", "app", "api-shared"],
        tests_may_use: &["app"],
        others: Others::AllBut(&[
            TELEMETRY,
            SQL,
            REDIS,
            BROKERS,
            &["reqwest", "actix*", "utoipa*"],
        ]),
    },
    Layer {
        crates: "embedded-postgres",
        may_use: &[],
        tests_may_use: &[],
        others: Others::AllBut(&[TELEMETRY, HTTP, REDIS, BROKERS]),
    },
    Layer {
        crates: "server",
        may_use: &[
            "domain",
            "app",
            "adapters-*",
            "api-*",
            "embedded-postgres",
            "workspace-hack",
        ],
        tests_may_use: &["app"],
        others: Others::AllBut(&[SQL, REDIS]),
    },
    // Features only: it keeps `cargo run` and `cargo test --workspace` on one set of them, so nothing is built twice.
    Layer {
        crates: "workspace-hack",
        may_use: &[],
        tests_may_use: &[],
        others: Others::AllBut(&[]),
    },
    Layer {
        crates: "xtask",
        may_use: &["embedded-postgres"],
        tests_may_use: &[],
        others: Others::AllBut(&[]),
    },
    Layer {
        crates: "bench",
        may_use: &["domain", "app", "adapters-*", "embedded-postgres"],
        tests_may_use: &[],
        others: Others::AllBut(&[]),
    },
    Layer {
        crates: "tests",
        may_use: &[
            "domain",
            "app",
            "adapters-*",
            "api-*",
            "embedded-postgres",
            "server",
            "workspace-hack",
        ],
        tests_may_use: &[],
        others: Others::AllBut(&[]),
    },
];

/// The crates that `cargo metadata --no-deps` tells of.
pub(super) fn crates_of(metadata: &Value) -> anyhow::Result<Vec<Crate>> {
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata has no packages")?;
    packages.iter().map(crate_of).collect()
}

fn crate_of(package: &Value) -> anyhow::Result<Crate> {
    let name = package["name"]
        .as_str()
        .context("a package has no name")?
        .to_owned();
    let dependencies = package["dependencies"]
        .as_array()
        .context("a package has no dependencies")?;
    let dependencies = dependencies.iter().map(|dependency| Dependency {
        name: dependency["name"].as_str().unwrap_or_default().to_owned(),
        is_ours: dependency["path"].is_string(),
        is_dev: dependency["kind"] == "dev",
    });
    Ok(Crate {
        name,
        dependencies: dependencies.collect(),
    })
}

/// Every edge that is not allowed.
pub(super) fn violations(crates: &[Crate]) -> Vec<String> {
    crates.iter().flat_map(violations_of).collect()
}

fn violations_of(krate: &Crate) -> Vec<String> {
    let name = &krate.name;
    let Some(layer) = LAYERS.iter().find(|layer| matches(layer.crates, name)) else {
        return vec![format!(
            "{name}: has no layer; give it one in crates/xtask/src/layers/edges.rs"
        )];
    };
    let forbidden = krate
        .dependencies
        .iter()
        .filter(|dependency| !layer.allows(dependency));
    forbidden
        .map(|dependency| format!("{name} -> {}: not allowed", dependency.name))
        .collect()
}

impl Layer {
    fn allows(&self, dependency: &Dependency) -> bool {
        let name = &dependency.name;
        match (dependency.is_ours, dependency.is_dev) {
            (true, false) => matches_any(self.may_use, name),
            (true, true) => {
                matches_any(self.may_use, name) || matches_any(self.tests_may_use, name)
            }
            (false, true) => true,
            (false, false) => match self.others {
                Others::Only(allowed) => matches_any(allowed, name),
                Others::AllBut(forbidden) => {
                    !forbidden.iter().any(|names| matches_any(names, name))
                }
            },
        }
    }
}

fn matches_any(patterns: &[&str], name: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, name))
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests;
