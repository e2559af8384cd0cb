use proptest::prelude::*;
use rstest::rstest;

use super::*;
use api_shared::cursor::CursorKey;

#[rstest]
#[case::plain(false)]
#[case::secret(true)]
fn a_stored_answer_reads_back(#[case] is_secret: bool) {
    let body = serde_json::json!({"id": 1});
    let mut answer = Answer::created("/api/v1/customers/1", Version::FIRST, &body);
    answer.is_secret = is_secret;

    let seal = Seal::of(&CursorKey::new([7; 32]));

    let read = Answer::from_stored(&answer.to_stored(&seal), &seal).unwrap();

    assert_eq!(
        (read.status, &read.headers, &read.body),
        (answer.status, &answer.headers, &answer.body)
    );
}

proptest! {
    #[test]
    fn no_bytes_at_all_break_the_reader(stored: Vec<u8>) {
        let _ = Answer::from_bytes(&stored);
    }
}
