//! Apache Kafka for the tests: its jars, as Maven fetches and checks them, kept for the next time.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, ensure};

use super::Tool;
use crate::process;

/// What the tests look for, below the top of the repository.
const FOLDER: &str = ".cache/kafka";
const VERSION: &str = "3.9.1";
/// Tells Kafka's own log to the tests, as Kafka's distribution has it.
const LOGGING_VERSION: &str = "1.7.36";
/// What was fetched; written last.
const MARK: &str = "fetched";

/// Makes sure that Kafka is there. Where it cannot be had, says so: the tests go on without.
pub(crate) fn prepare(may_install: bool) {
    let folder = process::root().join(FOLDER);
    if is_there(&folder) {
        return;
    }
    let fetched = super::ensure(&[Tool::Java], may_install).and_then(|()| fetch(&folder));
    if let Err(error) = fetched {
        println!(
            "Kafka cannot be had here: {error:#}\nIts contract is tested against the mock cluster of its client library."
        );
    }
}

fn is_there(folder: &Path) -> bool {
    fs::read_to_string(folder.join(MARK)).is_ok_and(|there| there == project_file())
}

fn fetch(folder: &Path) -> anyhow::Result<()> {
    println!("Fetching Kafka {VERSION} with Maven");
    if folder.exists() {
        fs::remove_dir_all(folder).context("cannot remove the old Kafka")?;
    }
    fs::create_dir_all(folder)?;
    let project = folder.join("pom.xml");
    fs::write(&project, project_file())?;
    let mut maven = Command::new("mvn");
    maven
        .args(["--batch-mode", "--quiet", "--strict-checksums", "--file"])
        .arg(&project)
        .arg("org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies")
        .arg(format!("-DoutputDirectory={}", folder.display()))
        .arg("-DincludeScope=runtime");
    process::run(&mut maven)?;
    let has_server = folder.join(format!("kafka_2.13-{VERSION}.jar")).is_file();
    ensure!(has_server, "Maven ended well, and there is no Kafka");
    fs::write(folder.join(MARK), project_file()).context("cannot keep Kafka")
}

fn project_file() -> String {
    format!(
        "\
<project xmlns=\"http://maven.apache.org/POM/4.0.0\">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tallystick</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-reload4j</artifactId>
      <version>{LOGGING_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"
    )
}
