//! The workspace's Rust sources.

use std::{fs, path::Path};

use anyhow::Context;

use crate::facts::Facts;

/// One source file, read and parsed.
pub(crate) struct Source {
    /// Its path from the workspace's folder, with `/`.
    pub(crate) path: String,
    /// How many lines it has.
    pub(crate) lines: usize,
    /// What the checks look at.
    pub(crate) facts: Facts,
}

impl Source {
    /// Parses `text`, which stands at `path`.
    pub(crate) fn parse(path: &str, text: &str) -> anyhow::Result<Self> {
        let syntax = syn::parse_file(text).with_context(|| format!("{path} is not Rust"))?;
        Ok(Self {
            path: path.to_owned(),
            lines: text.lines().count(),
            facts: Facts::of(&syntax),
        })
    }

    /// Whether the whole file is test code: an integration test, a bench, or a `tests.rs` module.
    pub(crate) fn is_test(&self) -> bool {
        let mut folders: Vec<&str> = self.path.split('/').collect();
        let name = folders.pop().unwrap_or_default();
        name == "tests.rs"
            || folders
                .iter()
                .any(|folder| matches!(*folder, "tests" | "benches"))
    }

    /// The folder name of its crate: `app` for `crates/app/src/lib.rs`, `tests` for the workspace's tests.
    pub(crate) fn crate_name(&self) -> &str {
        let inside = self.path.strip_prefix("crates/").unwrap_or(&self.path);
        inside.split('/').next().unwrap_or_default()
    }
}

/// Every `.rs` file below `crates/` and `tests/`, in path order.
pub(crate) fn load(root: &Path) -> anyhow::Result<Vec<Source>> {
    let mut paths = Vec::new();
    for folder in ["crates", "tests"] {
        collect(&root.join(folder), &mut paths)?;
    }
    paths.sort();
    paths.iter().map(|path| read(root, path)).collect()
}

fn read(root: &Path, path: &Path) -> anyhow::Result<Source> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let relative = path
        .strip_prefix(root)?
        .to_string_lossy()
        .replace('\\', "/");
    Source::parse(&relative, &text)
}

fn collect(folder: &Path, paths: &mut Vec<std::path::PathBuf>) -> anyhow::Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("crates/app/src/invoicing.rs", "app", false)]
    #[case("crates/app/src/invoicing/issue_invoice/tests.rs", "app", true)]
    #[case("crates/adapters-redis/tests/cache.rs", "adapters-redis", true)]
    #[case("tests/src/lib.rs", "tests", true)]
    fn a_file_knows_its_crate_and_whether_it_is_a_test(
        #[case] path: &str,
        #[case] name: &str,
        #[case] is_test: bool,
    ) {
        let source = Source::parse(path, "//! Nothing.\n").unwrap();

        assert_eq!(source.crate_name(), name);
        assert_eq!(source.is_test(), is_test);
    }
}
