//! `cargo xtask sbom`: what the shipped binary is made of, as a `CycloneDX` document.
//!
//! Told by cargo itself, for the features and the platform of the image: what is linked into the binary, and nothing that
//! only builds or tests it. The document has neither a time nor a random number: the same Cargo.lock gives the same bytes.

mod document;
mod graph;
mod lockfile;

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::Args;

use self::{graph::Graph, lockfile::Lockfile};
use crate::process;

/// Options of `cargo xtask sbom`.
#[derive(Args)]
pub(crate) struct Options {
    /// The file to write.
    #[arg(long, default_value = "target/sbom/tallystick.cdx.json")]
    output: PathBuf,
}

/// Writes the document.
pub(crate) fn execute(options: &Options) -> anyhow::Result<()> {
    let path = process::root().join(&options.output);
    let folder = path.parent().context("a file is in a folder")?;
    fs::create_dir_all(folder)?;
    fs::write(&path, document()?).with_context(|| format!("cannot write {}", path.display()))?;
    println!("wrote {}", options.output.display());
    Ok(())
}

/// The document.
pub(crate) fn document() -> anyhow::Result<String> {
    let lockfile = fs::read_to_string(process::root().join("Cargo.lock"))?;
    let document = document::of(&Graph::of_binary()?, &Lockfile::parse(&lockfile))?;
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn made() -> (Value, Lockfile) {
        let text = fs::read_to_string(process::root().join("Cargo.lock")).unwrap();
        let document = serde_json::from_str(&document().unwrap()).unwrap();
        (document, Lockfile::parse(&text))
    }

    fn components(document: &Value) -> Vec<&Value> {
        document["components"].as_array().unwrap().iter().collect()
    }

    fn text<'a>(component: &'a Value, field: &str) -> &'a str {
        component[field].as_str().unwrap_or_default()
    }

    #[test]
    fn each_component_is_what_the_lockfile_says_and_the_server_needs() {
        let (document, lockfile) = made();
        let needed = lockfile.needed_by("server");

        for component in components(&document) {
            let (name, version) = (text(component, "name"), text(component, "version"));
            let locked = lockfile.find(name, version).expect(name);
            let hash = component["hashes"][0]["content"].as_str();

            assert_eq!(hash, locked.checksum.as_deref(), "{name}");
            assert!(
                needed.contains(&(name.to_owned(), version.to_owned())),
                "{name}"
            );
            assert_eq!(component["purl"].is_string(), hash.is_some(), "{name}");
        }
    }

    #[test]
    fn it_has_what_is_linked_and_not_what_builds_or_tests() {
        let (document, _) = made();

        let names: BTreeSet<&str> = components(&document)
            .into_iter()
            .map(|component| text(component, "name"))
            .collect();

        for linked in [
            "tokio-postgres",
            "rdkafka-sys",
            "ring",
            "actix-web",
            "domain",
        ] {
            assert!(names.contains(linked), "{linked}");
        }
        for apart in [
            "mockall",
            "cucumber",
            "protox",
            "async-trait",
            "serde_derive",
            "xtask",
        ] {
            assert!(!names.contains(apart), "{apart}");
        }
    }

    #[test]
    fn everything_leads_back_to_the_binary() {
        let (document, _) = made();
        let edges = document["dependencies"].as_array().unwrap();
        let known: BTreeSet<&str> = components(&document)
            .into_iter()
            .map(|component| text(component, "bom-ref"))
            .collect();

        let mut reached = BTreeSet::new();
        let mut waiting = vec![text(&document["metadata"]["component"], "bom-ref")];
        while let Some(name) = waiting.pop() {
            let edge = edges.iter().find(|edge| edge["ref"] == name).expect(name);
            let next = edge["dependsOn"].as_array().unwrap().iter();
            let next = next.filter_map(Value::as_str);
            waiting.extend(next.filter(|name| reached.insert(*name)));
        }

        assert_eq!(reached, known);
    }

    #[test]
    fn the_same_lockfile_gives_the_same_bytes() {
        assert_eq!(document().unwrap(), document().unwrap());
    }
}
