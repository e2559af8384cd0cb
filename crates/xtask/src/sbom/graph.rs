//! Which crate is linked into the binary, and by whom.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};

use crate::process;

/// What the image is built with.
const FEATURES: &str = "kafka";
const PACKAGE: &str = "server";

/// A crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) version: String,
}

/// What is known of a crate.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// As an SPDX expression, if it has said so.
    pub(super) license: Option<String>,
    /// What it is linked to.
    pub(super) needs: Vec<Crate>,
}

/// All crates of a binary.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) root: Crate,
    pub(super) crates: BTreeMap<Crate, Node>,
}

impl Graph {
    /// Those of the shipped binary, as cargo tells them.
    pub(super) fn of_binary() -> anyhow::Result<Self> {
        let mut tree = process::cargo();
        tree.args([
            "tree",
            "--locked",
            "--package",
            PACKAGE,
            "--features",
            FEATURES,
        ]);
        tree.args(["--edges", "normal,no-proc-macro", "--charset", "ascii"]);
        tree.args(["--prefix", "depth", "--format", "|{p}|{l}|"]);
        let told = process::output_of(&mut tree).context("cargo tree failed")?;
        Self::read(&told)
    }

    /// Lines of a depth, a crate and its licence. What a crate needs is told where it comes for the first time.
    fn read(told: &str) -> anyhow::Result<Self> {
        let mut crates = BTreeMap::<Crate, Node>::new();
        let mut path: Vec<Crate> = Vec::new();
        for line in told.lines() {
            let (depth, found, license) =
                parsed(line).with_context(|| format!("cargo tree says `{line}`"))?;
            ensure!(depth <= path.len(), "cargo tree leaps to `{line}`");
            path.truncate(depth);
            if let Some(needs) = path.last().and_then(|by| crates.get_mut(by)) {
                let needs = &mut needs.needs;
                if !needs.contains(&found) {
                    needs.push(found.clone());
                }
            }
            crates.entry(found.clone()).or_default().license = license;
            path.push(found);
        }
        let root = path.into_iter().next().context("cargo tree says nothing")?;
        for node in crates.values_mut() {
            node.needs.sort();
        }
        Ok(Self { root, crates })
    }
}

/// `2|name v1.2.3 (where it is from)|MIT OR Apache-2.0| (*)`
fn parsed(line: &str) -> Option<(usize, Crate, Option<String>)> {
    let mut parts = line.split('|');
    let depth = parts.next()?.parse().ok()?;
    let mut words = parts.next()?.split(' ');
    let found = Crate {
        name: words.next()?.to_owned(),
        version: words.next()?.strip_prefix('v')?.to_owned(),
    };
    let license = parts.next()?.trim();
    // What was written before SPDX had operators.
    let license = (!license.is_empty()).then(|| license.replace(" / ", "/").replace('/', " OR "));
    Some((depth, found, license))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_with_all_its_edges() {
        let told = "0|server v0.1.0 (/src/crates/server)|Apache-2.0|\n\
                    1|one v1.0.0|MIT/Apache-2.0|\n2|shared v3.0.0+4||\n\
                    1|two v2.0.0|MIT|\n2|one v1.0.0|MIT/Apache-2.0| (*)\n2|shared v3.0.0+4||\n";
        let named = |name: &str, version: &str| Crate {
            name: name.to_owned(),
            version: version.to_owned(),
        };
        let (one, two) = (named("one", "1.0.0"), named("two", "2.0.0"));
        let shared = named("shared", "3.0.0+4");

        let graph = Graph::read(told).unwrap();

        assert_eq!(graph.root, named("server", "0.1.0"));
        assert_eq!(graph.crates[&graph.root].needs, [one.clone(), two.clone()]);
        assert_eq!(graph.crates[&one].needs, std::slice::from_ref(&shared));
        assert_eq!(graph.crates[&two].needs, [one.clone(), shared.clone()]);
        let license = graph.crates[&one].license.as_deref();
        assert_eq!(license, Some("MIT OR Apache-2.0"));
        assert_eq!(graph.crates[&shared].license, None);
    }
}
