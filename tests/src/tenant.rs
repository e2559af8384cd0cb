//! Organizations, made as their operators make them: at the command line.

use std::{
    path::Path,
    process::{Command, Output},
};

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
        Self::made_by(None, database).await
    }

    /// Makes one by another binary, such as that of an earlier release.
    pub async fn made_by(binary: Option<&Path>, database: &Database) -> Self {
        let arguments = ["organizations", "create", "--legal-name", "Muster GmbH"];
        let made = told(command(binary, database, &arguments)).await;
        let organization_id = made["id"]
            .as_str()
            .expect("an organization has an id")
            .to_owned();
        let key = Self::new_key(binary, database, &organization_id).await;
        Self {
            organization_id,
            key,
        }
    }

    /// A client of a service, with the key.
    pub fn at(&self, service: &Service) -> Client {
        service.stranger().with_key(&self.key)
    }

    /// A request of the tenant that creates something, as it stands on the wire when only the beginning of its body has come.
    pub fn unfinished(&self, path: &str, (length, begun): (usize, &str)) -> String {
        format!(
            "POST /api/v1{path} HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{begun}",
            self.key
        )
    }

    async fn new_key(binary: Option<&Path>, database: &Database, organization_id: &str) -> String {
        let arguments = [
            "keys",
            "create",
            "--organization",
            organization_id,
            "--name",
            "tests",
            "--scope",
            "*",
        ];
        let made = told(command(binary, database, &arguments)).await;
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
    told(command(None, database, arguments)).await
}

async fn told(command: Command) -> Value {
    let typed = format!("{command:?}");
    let Output {
        status,
        stdout,
        stderr,
    } = run(command).await;
    let complaint = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{typed} failed: {complaint}");
    serde_json::from_slice(&stdout).expect("--json prints JSON")
}

/// What a command of the binary complains of.
///
/// # Panics
/// When the command succeeds.
pub async fn complaint(database: &Database, arguments: &[&str]) -> String {
    let output = run(command(None, database, arguments)).await;
    assert_eq!(output.status.code(), Some(1), "{}", arguments.join(" "));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn command(binary: Option<&Path>, database: &Database, arguments: &[&str]) -> Command {
    let mut command = binary::command_of(binary);
    command
        .envs(database.addresses())
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
