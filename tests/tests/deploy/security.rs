//! `SECURITY.md` says which tests prove what.

use crate::project::text;

/// The OWASP API Security Top 10 of 2023.
const RISKS: usize = 10;
const IS_A_TEST: [&str; 4] = ["#[test]", "#[tokio::test", "#[actix_web::test", "#[rstest]"];

/// The tests of each risk: name and file.
fn proofs() -> Vec<Vec<(String, String)>> {
    let page = text("SECURITY.md");
    let sections = page.split("\n### API").skip(1);
    sections.map(proofs_in).collect()
}

fn proofs_in(section: &str) -> Vec<(String, String)> {
    let items = section.lines().filter_map(|line| line.strip_prefix("- ["));
    items
        .map(|item| {
            let (name, rest) = item.split_once("](").unwrap();
            (name.to_owned(), rest.trim_end_matches(')').to_owned())
        })
        .collect()
}

/// Whether the function of this name is a test: between it and what is before it stands an attribute that says so.
fn is_tested(source: &str, name: &str) -> bool {
    let Some(at) = source.find(&format!("fn {name}(")) else {
        return false;
    };
    let before = &source[..at];
    let attributes = before.rsplit("\n\n").next().unwrap();
    IS_A_TEST.iter().any(|mark| attributes.contains(mark))
}

#[test]
fn every_risk_has_tests_and_every_test_is_there() {
    let risks = proofs();

    assert_eq!(risks.len(), RISKS);
    for proofs in risks {
        assert!(proofs.len() >= 3, "{proofs:?}");
        for (name, file) in proofs {
            assert!(is_tested(&text(&file), &name), "{file}: {name}");
        }
    }
}

#[test]
fn a_function_that_is_no_test_proves_nothing() {
    let source = "#[test]\nfn one() {}\n\nfn two() {}\n";

    assert!(is_tested(source, "one"));
    assert!(!is_tested(source, "two"));
    assert!(!is_tested(source, "three"));
}
