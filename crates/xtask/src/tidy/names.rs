//! Names that say nothing.

use crate::sources::Source;

const EMPTY_SUFFIXES: [&str; 3] = ["Impl", "Manager", "Helper"];

/// Every file, type and trait in `source` with a name that the house style bans.
pub(super) fn violations(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    if source.path.ends_with("/mod.rs") {
        found.push(format!(
            "{}: `foo.rs` beside `foo/`, never `mod.rs`",
            source.path
        ));
    }
    let types = source.facts.types.iter().map(|at| (at.line, &at.what));
    let traits = source
        .facts
        .traits
        .iter()
        .map(|at| (at.line, &at.what.name));
    for (line, name) in types.chain(traits.clone()) {
        if EMPTY_SUFFIXES
            .iter()
            .any(|suffix| ends_with_word(name, suffix))
        {
            found.push(format!(
                "{}:{line}: `{name}`: name it after what it does or the technology it uses",
                source.path
            ));
        }
    }
    for (line, name) in traits {
        if ends_with_word(name, "Port") || has_interface_prefix(name) {
            found.push(format!(
                "{}:{line}: `{name}`: a port is named after its role",
                source.path
            ));
        }
    }
    found
}

fn ends_with_word(name: &str, word: &str) -> bool {
    name.len() > word.len() && name.ends_with(word)
}

/// `IClock`, but neither `IdGenerator` nor `IO`.
fn has_interface_prefix(name: &str) -> bool {
    let mut letters = name.chars();
    let first_three = (letters.next(), letters.next(), letters.next());
    matches!(first_three, (Some('I'), Some(second), Some(third)) if second.is_uppercase() && third.is_lowercase())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("trait IClock {}", 1)]
    #[case("trait ClockPort {}", 1)]
    #[case("struct ClockImpl;", 1)]
    #[case("enum InvoiceManager {}", 1)]
    #[case("type TimeHelper = u8;", 1)]
    #[case(
        "trait IdGenerator {} trait Clock {} struct FreePort; struct Implementation;",
        0
    )]
    fn empty_names_are_found(#[case] text: &str, #[case] expected: usize) {
        let source = Source::parse("crates/app/src/a.rs", text).unwrap();

        assert_eq!(violations(&source).len(), expected);
    }

    #[test]
    fn a_mod_rs_is_found() {
        let source = Source::parse("crates/app/src/a/mod.rs", "").unwrap();

        assert_eq!(violations(&source).len(), 1);
    }
}
