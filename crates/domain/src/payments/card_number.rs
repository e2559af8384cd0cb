//! Numbers of payment cards, which are neither accepted nor stored.

use std::ops::RangeInclusive;

use uuid::Uuid;

use crate::values::InvalidValue;

/// How many digits a card's number has (ISO/IEC 7812).
const DIGITS: RangeInclusive<usize> = 13..=19;
/// How many characters may stand between two groups of its digits.
const GAP_MAX: usize = 3;

/// Refuses a text in which something could be a card's number: 13 to 19 digits of any script whose last digit is the check
/// digit of the others (Luhn), as a whole or in groups with blanks, dashes, dots, slashes or underscores between them.
///
/// Ids and instants are not taken for cards: no UUID is one; numbers from 0 are none, those from 1 have 15 digits (airlines'
/// cards), those from 2 begin with 2200 to 2204 or 2221 to 2720, and the only ones of 13 digits were Visa's, from 4. So an
/// instant in milliseconds, microseconds or nanoseconds passes, and so do dates of this century.
pub fn refuse_card_number(text: &str) -> Result<(), InvalidValue> {
    let digits = text.chars().filter_map(digit).count();
    if digits >= *DIGITS.start() && has_card_number(text) {
        Err(InvalidValue::CardNumber)
    } else {
        Ok(())
    }
}

fn has_card_number(text: &str) -> bool {
    let text = without_ids(text);
    let mut run: Vec<Vec<u8>> = Vec::new();
    let mut gap = GAP_MAX + 1;
    for character in text.chars() {
        match digit(character) {
            Some(digit) if gap == 0 => run.last_mut().into_iter().for_each(|it| it.push(digit)),
            Some(digit) => {
                if gap > GAP_MAX && holds_card(&std::mem::take(&mut run)) {
                    return true;
                }
                run.push(vec![digit]);
            }
            None => {}
        }
        gap = match (digit(character), is_separator(character)) {
            (Some(_), _) => 0,
            (None, true) => gap.saturating_add(1),
            (None, false) => usize::MAX,
        };
    }
    holds_card(&run)
}

/// The same with something else in the place of every UUID.
fn without_ids(text: &str) -> String {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    let pieces = text.split_inclusive(ends).map(|piece| {
        let word = piece.trim_end_matches(ends);
        if Uuid::try_parse(word).is_ok() {
            "#"
        } else {
            piece
        }
    });
    pieces.collect()
}

/// The value of a decimal digit of any script.
fn digit(character: char) -> Option<u8> {
    let before = ZEROS.partition_point(|zero| *zero <= character);
    let zero = ZEROS.get(before.checked_sub(1)?)?;
    let value = u32::from(character) - u32::from(*zero);
    u8::try_from(value).ok().filter(|value| *value < 10)
}

/// What people put between groups of digits, and what nobody sees.
const fn is_separator(character: char) -> bool {
    match character {
        '-' | '.' | '/' | '_' | '\t' => true,
        '\n' | '\r' => false,
        _ => character.is_whitespace() || is_dash_or_the_like(character),
    }
}

/// A soft hyphen, a raised dot, dashes, a minus, those of full width, and what has no width.
const fn is_dash_or_the_like(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{b7}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2010}'..='\u{2015}'
            | '\u{2060}'
            | '\u{2212}'
            | '\u{feff}'
            | '\u{ff0d}'..='\u{ff0f}'
            | '\u{ff3f}'
    )
}

/// Whether neighbouring groups of digits make a card's number.
fn holds_card(groups: &[Vec<u8>]) -> bool {
    let starts = 0..groups.len();
    starts.into_iter().any(|start| {
        let mut digits = Vec::new();
        let mut ends = groups.iter().skip(start).map_while(|group| {
            let has_room = digits.len() < *DIGITS.end();
            digits.extend_from_slice(group);
            has_room.then(|| is_card(&digits))
        });
        ends.any(|is_one| is_one)
    })
}

fn is_card(digits: &[u8]) -> bool {
    let could_be = match digits.first() {
        None | Some(0) => false,
        Some(1) => digits.len() == 15,
        Some(2) => digits.len() >= 16 && DIGITS.contains(&digits.len()) && is_from_2(digits),
        Some(4) => DIGITS.contains(&digits.len()),
        Some(_) => digits.len() > 13 && DIGITS.contains(&digits.len()),
    };
    could_be && luhn_sum(digits).is_multiple_of(10)
}

/// Mir's and Mastercard's are the only ones.
fn is_from_2(digits: &[u8]) -> bool {
    let first = digits.iter().take(4);
    let first = first.fold(0, |number, digit| number * 10 + u32::from(*digit));
    matches!(first, 2_200..=2_204 | 2_221..=2_720)
}

fn luhn_sum(digits: &[u8]) -> u32 {
    let from_the_end = digits.iter().rev().enumerate();
    let terms = from_the_end.map(|(place, digit)| match (place % 2, u32::from(*digit)) {
        (0, digit) => digit,
        (_, digit @ 0..=4) => 2 * digit,
        (_, digit) => 2 * digit - 9,
    });
    terms.sum()
}

/// The digit 0 of each script that has decimal digits (Unicode 14, Nd), in order; the others follow theirs.
#[rustfmt::skip]
const ZEROS: [char; 66] = [
    '0', '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}',
    '\u{1040}', '\u{1090}', '\u{17e0}', '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1a90}',
    '\u{1b50}', '\u{1bb0}', '\u{1c40}', '\u{1c50}', '\u{a620}', '\u{a8d0}', '\u{a900}', '\u{a9d0}',
    '\u{a9f0}', '\u{aa50}', '\u{abf0}', '\u{ff10}', '\u{104a0}', '\u{10d30}', '\u{11066}',
    '\u{110f0}', '\u{11136}', '\u{111d0}', '\u{112f0}', '\u{11450}', '\u{114d0}', '\u{11650}',
    '\u{116c0}', '\u{11730}', '\u{118e0}', '\u{11950}', '\u{11c50}', '\u{11d50}', '\u{11da0}',
    '\u{16a60}', '\u{16ac0}', '\u{16b50}', '\u{1d7ce}', '\u{1d7d8}', '\u{1d7e2}', '\u{1d7ec}',
    '\u{1d7f6}', '\u{1e140}', '\u{1e2f0}', '\u{1e950}', '\u{1fbf0}',
];

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::visa("4111111111111111")]
    #[case::visa_of_13_digits("4222222222222")]
    #[case::in_groups("4111 1111 1111 1111")]
    #[case::with_dashes("4111-1111-1111-1111")]
    #[case::mixed("4111 1111-1111 1111")]
    #[case::american_express("3782 822463 10005")]
    #[case::diners("30569309025904")]
    #[case::mastercard("5555555555554444")]
    #[case::mastercard_from_2("2223003122003222")]
    #[case::discover("6011111111111117")]
    #[case::of_19_digits("6304000000000000000")]
    #[case::airline("135410014004955")]
    #[case::in_a_sentence("please charge 4111 1111 1111 1111, thanks")]
    #[case::behind_another_number("order 12 4111 1111 1111 1111 3")]
    #[case::beside_letters("card4111111111111111!")]
    #[case::behind_a_dash("a -4111-1111-1111-1111-")]
    #[case::with_dots("4111.1111.1111.1111")]
    #[case::with_slashes("4111/1111/1111/1111")]
    #[case::with_underscores("4111_1111_1111_1111")]
    #[case::with_double_blanks("4111  1111  1111  1111")]
    #[case::with_two_dashes("4111--1111--1111--1111")]
    #[case::with_blanks_and_dashes("4111 - 1111 - 1111 - 1111")]
    #[case::with_fixed_blanks("4111\u{a0}1111\u{2009}1111\u{3000}1111")]
    #[case::with_nothing_to_see("4111\u{200b}1111\u{200b}1111\u{200b}1111")]
    #[case::with_long_dashes("4111\u{2013}1111\u{2013}1111\u{2013}1111")]
    #[case::of_full_width("４１１１１１１１１１１１１１１１")]
    #[case::arabic("٤١١١ ١١١١ ١١١١ ١١١١")]
    #[case::devanagari("४१११-११११-११११-११११")]
    #[case::of_mixed_scripts("４111 ١١١١ 1111 1111")]
    #[case::mir("2200000000000004")]
    #[case::beside_an_id("01936912-1234-7123-8123-123456789012/4111111111111111")]
    #[case::on_another_line("x\n4111111111111111\ny")]
    fn card_numbers_are_refused(#[case] text: &str) {
        assert_eq!(refuse_card_number(text), Err(InvalidValue::CardNumber));
    }

    #[rstest]
    #[case::nothing("")]
    #[case::wrong_check_digit("4111111111111112")]
    #[case::too_short("411111111111")]
    #[case::too_long("41111111111111111111111")]
    #[case::token("pm_1NqW2eLkdIwHu7ixY9Zc4R5t")]
    #[case::uuid("01936912-1234-7123-8123-123456789012")]
    #[case::uuid_that_would_pass("41111111-1111-1111-8111-111111111111")]
    #[case::milliseconds("1732145400002")]
    #[case::microseconds("1732145400000007")]
    #[case::nanoseconds("1732145400000000003")]
    #[case::parted_by_letters("4111x1111x1111x1111")]
    #[case::parted_by_four_blanks("4111    1111    1111    1111")]
    #[case::on_lines_of_their_own("4111\n1111\n1111\n1111")]
    #[case::dates("2026-11-01/2026-12-20")]
    #[case::address("192.168.100.100")]
    #[case::instant("2026-11-20T13:02:11.123456Z")]
    #[case::id_in_a_path("/payments/41111111-1111-1111-8111-111111111111/x")]
    #[case::phone("+49 30 1234567")]
    #[case::zeros("0000000000000000")]
    #[case::iban("DE89 3704 0044 0532 0130 00")]
    fn other_texts_pass(#[case] text: &str) {
        assert_eq!(refuse_card_number(text), Ok(()));
    }
}
