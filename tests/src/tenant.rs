//! Organizations, made as their operators make them: at the command line.

use std::process::{Command, Output};

use serde_json::Value;

use crate::{binary, client::Client, database::Database, service::Service};

/// An organization with a key that may do everything.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id.
    pub organization_id: String,
    /// The secret of its key.
    pub key: String,
}

impl Tenant {
    /// Makes one.
    pub async fn on(database: &Database) -> Self {
        let made = tallystick(
            database,
            &["organizations", "create", "--legal-name", "Muster GmbH"],
        )
        .await;
        let organization_id = made["id"]
            .as_str()
            .expect("an organization has an id")
            .to_owned();
        let key = Self::new_key(database, &organization_id, &["--scope", "*"]).await;
        Self {
            organization_id,
            key,
        }
    }

    /// A client of a service, with the key.
    pub fn at(&self, service: &Service) -> Client {
        service.stranger().with_key(&self.key)
    }

    async fn new_key(database: &Database, organization_id: &str, more: &[&str]) -> String {
        let head = [
            "keys",
            "create",
            "--organization",
            organization_id,
            "--name",
            "tests",
        ];
        let made = tallystick(database, &[&head, more].concat()).await;
        made["secret"]
            .as_str()
            .expect("a new key shows its secret")
            .to_owned()
    }
}

/// What a command of the binary prints with `--json`.
///
/// # Panics
/// When the command fails.
pub async fn tallystick(database: &Database, arguments: &[&str]) -> Value {
    let Output {
        status,
        stdout,
        stderr,
    } = run(command(database, arguments)).await;
    let complaint = String::from_utf8_lossy(&stderr);
    assert!(
        status.success(),
        "`tallystick {}` failed: {complaint}",
        arguments.join(" ")
    );
    serde_json::from_slice(&stdout).expect("--json prints JSON")
}

/// What a command of the binary complains of.
///
/// # Panics
/// When the command succeeds.
pub async fn complaint(database: &Database, arguments: &[&str]) -> String {
    let output = run(command(database, arguments)).await;
    assert_eq!(output.status.code(), Some(1), "{}", arguments.join(" "));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn command(database: &Database, arguments: &[&str]) -> Command {
    let mut command = binary::command();
    command
        .env("TALLYSTICK_DATABASE__URL", database.url())
        .args(arguments)
        .arg("--json");
    command
}

async fn run(mut command: Command) -> Output {
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    output
        .expect("nothing panics here")
        .expect("the binary can be run")
}
