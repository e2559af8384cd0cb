//! Words for an index of names by what they contain: every run of three letters in a name, and the shorter ones at its end.
//!
//! A text is contained in a name only if all its runs of three are among the name's; one that is shorter begins such a run.
//! So any text can be looked for, also one of two letters, or of signs. Each word begins with a mark of its organization:
//! what is frequent with one is not in the way of another that it is rare with.

use std::{collections::BTreeSet, fmt::Write as _};

use domain::ids::OrganizationId;

const LENGTH: usize = 3;
/// How many words are looked for: the rest of a long text is compared letter by letter anyway.
const LOOKED_FOR_MAX: usize = 16;
/// The last bits of an organization's id, which are random.
const MARK_BITS: u128 = (1 << 24) - 1;

/// The words that a folded name is found by.
pub(crate) fn grams(organization_id: OrganizationId, folded: &str) -> Vec<String> {
    let letters: Vec<char> = folded.chars().collect();
    let runs = (0..letters.len()).map(|start| letters.iter().skip(start).take(LENGTH));
    let words: BTreeSet<String> = runs
        .map(|run| word(organization_id, &run.collect::<String>()))
        .collect();
    words.into_iter().collect()
}

/// What finds the names that may contain a folded text, as a `tsquery` reads it.
pub(crate) fn gram_query(organization_id: OrganizationId, folded: &str) -> String {
    let letters: Vec<char> = folded.chars().collect();
    if letters.len() < LENGTH {
        return quoted(&word(organization_id, folded)) + ":*";
    }
    let runs = letters.windows(LENGTH).map(String::from_iter);
    let words: BTreeSet<String> = runs.map(|run| word(organization_id, &run)).collect();
    let words = words.iter().take(LOOKED_FOR_MAX).map(|word| quoted(word));
    words.collect::<Vec<_>>().join(" & ")
}

fn word(organization_id: OrganizationId, run: &str) -> String {
    let mark = organization_id.as_uuid().as_u128() & MARK_BITS;
    let mut word = String::new();
    // Writing to a string does not fail.
    let _ = write!(word, "{mark:06x}{run}");
    word
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const US: OrganizationId = OrganizationId::from_uuid(Uuid::from_u128(0xff_00_ab_cd));

    #[test]
    fn a_name_has_a_word_for_each_of_its_letters() {
        assert_eq!(
            grams(US, "ada a"),
            ["00abcd a", "00abcda", "00abcda a", "00abcdada", "00abcdda "]
        );
        assert_eq!(grams(US, ""), [""; 0]);
    }

    #[test]
    fn a_short_text_is_what_a_word_begins_with() {
        assert_eq!(gram_query(US, "李"), "'00abcd李':*");
        assert_eq!(gram_query(US, "'\\"), "'00abcd''\\\\':*");
    }

    #[test]
    fn all_words_of_a_longer_text_are_looked_for() {
        assert_eq!(gram_query(US, "a&b:"), "'00abcd&b:' & '00abcda&b'");
        let long: String = ('a'..='z').collect();
        assert_eq!(
            gram_query(US, &long).matches('&').count(),
            LOOKED_FOR_MAX - 1
        );
    }
}
