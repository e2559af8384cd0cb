//! An organization and its key, made as an operator makes them.

use std::process::Stdio;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use uuid::Uuid;

use crate::service::{DATABASE_URL, Program};

/// An organization, and a key that may do everything.
#[derive(Debug, Clone)]
pub(crate) struct Tenant {
    /// The organization.
    pub(crate) organization: Uuid,
    /// The secret of the key.
    pub(crate) key: String,
}

impl Tenant {
    /// Founds one in a database, which is migrated first.
    pub(crate) fn found(program: &Program, database: &str) -> anyhow::Result<Self> {
        call(program, database, &["migrate", "--json"])?;
        let name = ["--legal-name", "Analytical Engines Ltd"];
        let create = ["organizations", "create", "--json"];
        let founded = call(program, database, &[create.as_slice(), &name].concat())?;
        let created = call(
            program,
            database,
            &["keys", "create", "--scope", "*", "--json"],
        )?;
        Ok(Self {
            organization: text(&founded, "id")?.parse()?,
            key: text(&created, "secret")?.to_owned(),
        })
    }
}

fn call(program: &Program, database: &str, arguments: &[&str]) -> anyhow::Result<Value> {
    let called = program
        .command()
        .args(arguments)
        .env(DATABASE_URL, database)
        .stdin(Stdio::null())
        .output();
    let output = called.with_context(|| format!("cannot run {}", program.binary().display()))?;
    ensure!(
        output.status.success(),
        "`tallystick {}` failed: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).context("the command printed no JSON")
}

fn text<'v>(value: &'v Value, field: &str) -> anyhow::Result<&'v str> {
    let found = value.get(field).and_then(Value::as_str);
    found.with_context(|| format!("the command printed no {field}"))
}
