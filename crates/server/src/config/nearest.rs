//! What somebody who misspelt a name may have meant.

/// The known name that is most like this one: one that ends with it (`PORT` for `HTTP__PORT`), else the one that takes
/// the fewest changes of a letter.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.min_by_key(|candidate| {
        if candidate.ends_with(name) {
            0
        } else {
            strsim::damerau_levenshtein(name, candidate)
        }
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::one_underscore("HTTP_PORT", "HTTP__PORT")]
    #[case::swapped_letters("DATABASE__ULR", "DATABASE__URL")]
    #[case::without_its_group("PORT", "HTTP__PORT")]
    fn a_misspelt_name_has_a_nearest_one(#[case] misspelt: &str, #[case] meant: &str) {
        let known = ["DATABASE__URL", "REDIS__URL", "HTTP__HOST", "HTTP__PORT"];

        assert_eq!(nearest(misspelt, known.into_iter()), Some(meant));
    }
}
