//! The document: `CycloneDX` 1.5, <https://cyclonedx.org/docs/1.5/json/>.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::{
    graph::{Crate, Graph, Node},
    lockfile::Lockfile,
};

const BINARY: &str = "tallystick";

/// What a binary is made of.
pub(super) fn of(graph: &Graph, lockfile: &Lockfile) -> anyhow::Result<Value> {
    let root = &graph.root;
    let own = graph
        .crates
        .get(root)
        .and_then(|node| node.license.as_deref());
    let others = graph.crates.iter().filter(|(it, _)| *it != root);
    let components: anyhow::Result<Vec<_>> = others
        .map(|(it, node)| component(it, node, lockfile))
        .collect();
    let name = |it: &Crate| reference(it, lockfile);
    let edges = graph.crates.iter().map(|(it, node)| {
        let needs: Vec<_> = node.needs.iter().map(name).collect();
        json!({"ref": name(it), "dependsOn": needs})
    });
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": name(root),
                "name": BINARY,
                "version": root.version,
                "licenses": licenses(own),
            },
        },
        "components": components?,
        "dependencies": edges.collect::<Vec<_>>(),
    }))
}

fn component(it: &Crate, node: &Node, lockfile: &Lockfile) -> anyhow::Result<Value> {
    let Crate { name, version } = it;
    let locked = lockfile.find(name, version);
    let locked = locked.with_context(|| format!("Cargo.lock does not know {name} {version}"))?;
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(it, lockfile),
        "name": name,
        "version": version,
        "licenses": licenses(node.license.as_deref()),
        "scope": "required",
    });
    if let Some(checksum) = &locked.checksum {
        ensure!(checksum.len() == 64, "{name} has an odd checksum");
        component["purl"] = json!(reference(it, lockfile));
        component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
    }
    Ok(component)
}

fn licenses(expression: Option<&str>) -> Value {
    expression.map_or_else(|| json!([]), |it| json!([{"expression": it}]))
}

/// The package URL of what a registry has. Our own crates are in none, where others may be called the same.
fn reference(Crate { name, version }: &Crate, lockfile: &Lockfile) -> String {
    let is_published = lockfile
        .find(name, version)
        .is_some_and(|locked| locked.checksum.is_some());
    if is_published {
        format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
    } else {
        format!("{BINARY}/{name}@{version}")
    }
}
