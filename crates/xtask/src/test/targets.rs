//! The test binaries of the workspace.

use serde_json::Value;

use crate::process;

/// Cucumber's own runner: it takes no test names.
const WITHOUT_LIBTEST: &str = "bdd";

/// The names of the test targets that take a filter.
pub(super) fn with_libtest() -> anyhow::Result<Vec<String>> {
    let mut names = test_targets(&process::metadata()?);
    names.retain(|name| name != WITHOUT_LIBTEST);
    Ok(names)
}

fn test_targets(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let tests = targets.filter(|target| target["kind"][0] == "test");
    let mut names: Vec<String> = tests
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_test_target_is_named_once() {
        let target = |name: &str, kind: &str| json!({"name": name, "kind": [kind]});
        let metadata = json!({"packages": [
            {"targets": [target("app", "lib"), target("it", "test")]},
            {"targets": [target("it", "test"), target("bdd", "test")]},
        ]});

        assert_eq!(test_targets(&metadata), ["bdd", "it"]);
    }
}
