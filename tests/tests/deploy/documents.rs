//! README, ARCHITECTURE and what is in `docs`.

use std::path::{Path, PathBuf};

use crate::project::{files, known_variables, root, variables_in};

/// Each document, and what it says.
fn documents() -> Vec<(PathBuf, String)> {
    let top = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "SECURITY.md",
    ]
    .map(|name| root().join(name));
    let all = top.into_iter().chain(files("docs", ".md"));
    all.map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path, text)
    })
    .collect()
}

/// The targets of the links of a document.
fn links(text: &str) -> Vec<&str> {
    let after = text.split("](").skip(1);
    after.filter_map(|rest| rest.split(')').next()).collect()
}

/// The anchors that the headings of a document have.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let words = headings.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    words.map(|heading| heading.replace(' ', "-")).collect()
}

fn leads_somewhere(document: &Path, link: &str) -> bool {
    let (path, anchor) = link
        .split_once('#')
        .map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = match path {
        "" => document.to_owned(),
        path => document.parent().unwrap().join(path),
    };
    let has_anchor = |anchor: &str| {
        let text = std::fs::read_to_string(&target).unwrap_or_default();
        anchors(&text).iter().any(|known| known == anchor)
    };
    target.exists() && anchor.is_none_or(has_anchor)
}

#[test]
fn every_link_leads_somewhere() {
    for (path, text) in documents() {
        for link in links(&text)
            .into_iter()
            .filter(|link| !link.starts_with("http"))
        {
            assert!(leads_somewhere(&path, link), "{}: {link}", path.display());
        }
    }
}

#[test]
fn every_source_that_is_named_is_there() {
    for (path, text) in documents() {
        let quoted = text.split('`').skip(1).step_by(2);
        for name in quoted.filter(|name| name.starts_with("crates/")) {
            assert!(root().join(name).exists(), "{}: {name}", path.display());
        }
    }
}

#[test]
fn every_variable_that_is_named_is_one_that_the_server_knows() {
    let known = known_variables();

    for (path, text) in documents() {
        for variable in variables_in(&text) {
            assert!(known.contains(&variable), "{}: {variable}", path.display());
        }
    }
}

#[test]
fn every_decision_is_listed() {
    let list = std::fs::read_to_string(root().join("docs/adr/README.md")).unwrap();

    for path in files("docs/adr", ".md") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            name == "README.md" || list.contains(&format!("({name})")),
            "{name}"
        );
    }
}
