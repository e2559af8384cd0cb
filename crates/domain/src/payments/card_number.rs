//! Numbers of payment cards, which are neither accepted nor stored.

use std::ops::RangeInclusive;

use uuid::Uuid;

use crate::values::InvalidValue;

/// How many digits a card's number has (ISO/IEC 7812).
const DIGITS: RangeInclusive<usize> = 13..=19;

/// Refuses a text in which something could be a card's number: 13 to 19 digits, with or without single blanks or dashes
/// between them, whose last digit is the check digit of the others (Luhn).
///
/// Ids and instants are not taken for cards: no UUID is one; numbers from 0 are none, those from 1 have 15 digits (airlines'
/// cards), and the only ones of 13 digits were Visa's, from 4. So an instant in milliseconds, microseconds or nanoseconds
/// passes.
pub fn refuse_card_number(text: &str) -> Result<(), InvalidValue> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits >= *DIGITS.start() && has_card_number(text) {
        Err(InvalidValue::CardNumber)
    } else {
        Ok(())
    }
}

fn has_card_number(text: &str) -> bool {
    let mut run = Vec::new();
    for word in text.split(' ') {
        if word.is_empty() || Uuid::try_parse(word).is_ok() {
            if holds_card(&std::mem::take(&mut run)) {
                return true;
            }
            continue;
        }
        for piece in word.split_inclusive(|c: char| !c.is_ascii_digit()) {
            let digits = piece.trim_end_matches(|c: char| !c.is_ascii_digit());
            if !digits.is_empty() {
                run.push(digits);
            }
            // A single dash joins.
            let joins = piece.len() == digits.len() || (piece.ends_with('-') && !digits.is_empty());
            if !joins && holds_card(&std::mem::take(&mut run)) {
                return true;
            }
        }
    }
    holds_card(&run)
}

/// Whether neighbouring groups of digits make a card's number.
fn holds_card(groups: &[&str]) -> bool {
    let starts = 0..groups.len();
    starts.into_iter().any(|start| {
        let mut digits = Vec::new();
        groups.iter().skip(start).any(|group| {
            digits.extend(group.bytes().map(|byte| byte - b'0'));
            is_card(&digits)
        })
    })
}

fn is_card(digits: &[u8]) -> bool {
    let could_be = match digits.first() {
        None | Some(0) => false,
        Some(1) => digits.len() == 15,
        Some(4) => DIGITS.contains(&digits.len()),
        Some(_) => digits.len() > 13 && DIGITS.contains(&digits.len()),
    };
    could_be && luhn_sum(digits).is_multiple_of(10)
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
    #[case::parted_by_two_dashes("4111--1111--1111--1111")]
    #[case::phone("+49 30 1234567")]
    #[case::zeros("0000000000000000")]
    #[case::iban("DE89 3704 0044 0532 0130 00")]
    fn other_texts_pass(#[case] text: &str) {
        assert_eq!(refuse_card_number(text), Ok(()));
    }
}
