//! Who is served next.

use std::time::Duration;

use tokio::time::timeout;

use super::*;
use crate::traces::Span;

/// Somebody who waits under this key, and where he hears the answer.
fn waiting(key: &str) -> (Waiting, oneshot::Receiver<Replied>) {
    let (caller, answer) = oneshot::channel();
    let gift = Arc::new(PendingGift::new(gift(key), None));
    let span = Span::default();
    (Waiting { gift, span, caller }, answer)
}

fn keys(group: &[Waiting]) -> Vec<&str> {
    let keyed = group.iter().map(|it| &it.gift.keyed);
    keyed.map(|it| it.key.scope.key.as_str()).collect()
}

#[test]
fn whoever_has_stopped_waiting_is_passed_over() {
    let lines = Arc::<Lines>::default();
    let ((first, gone), (second, _stays)) = (waiting("a"), waiting("b"));
    let mut line = lines.join(first, 9).unwrap().unwrap();
    assert!(lines.join(second, 9).unwrap().is_none());

    drop(gone);
    let group = line.next(9);

    assert_eq!(keys(&group), ["b"]);
}

#[tokio::test]
async fn a_line_that_is_full_turns_away_and_one_that_nobody_serves_ends() {
    let lines = Arc::<Lines>::default();
    let ((first, told), (second, _), (third, _)) = (waiting("a"), waiting("b"), waiting("c"));
    let line = lines.join(first, 2).unwrap().unwrap();
    assert!(lines.join(second, 2).unwrap().is_none());

    let full = lines.join(third, 2);
    drop(line);

    assert!(full.is_err());
    assert!(told.await.is_err());
    let (again, _) = waiting("d");
    assert!(lines.join(again, 2).unwrap().is_some());
}

#[test]
fn a_flood_under_one_key_is_served_one_by_one_and_keeps_nobody_behind_it_waiting() {
    let lines = Arc::<Lines>::default();
    let (line, _told): (Vec<_>, Vec<_>) = ["a", "a", "a", "a", "b", "c"]
        .map(waiting)
        .into_iter()
        .unzip();
    let mut joined = line.into_iter().map(|it| lines.join(it, 9).unwrap());
    let mut line = joined.next().unwrap().unwrap();
    assert!(joined.all(|it| it.is_none()));

    let served: Vec<_> = std::iter::repeat_with(|| line.next(3))
        .take_while(|group| !group.is_empty())
        .map(|group| keys(&group).join(""))
        .collect();

    assert_eq!(served, ["a", "abc", "a", "a"]);
}

#[tokio::test]
async fn a_line_waits_for_those_who_were_just_answered() {
    let lines = Arc::<Lines>::default();
    let ((first, _one), (second, _other)) = (waiting("a"), waiting("b"));
    let mut line = lines.join(first, 9).unwrap().unwrap();
    let crowd = Crowd::after(2, Duration::from_secs(1));

    let served = async {
        line.gather(&crowd).await;
        line.next(9).len()
    };
    let (served, joined) = tokio::join!(served, async { lines.join(second, 9) });

    assert!(joined.unwrap().is_none());
    assert_eq!(served, 2);
}

#[tokio::test]
async fn whoever_does_not_come_again_keeps_nobody_waiting() {
    let lines = Arc::<Lines>::default();
    let (first, _told) = waiting("a");
    let mut line = lines.join(first, 9).unwrap().unwrap();
    let crowd = Crowd::after(2, Duration::from_secs(1));

    let gathered = timeout(Duration::from_secs(5), line.gather(&crowd)).await;

    assert!(gathered.is_ok());
    assert_eq!(line.next(9).len(), 1);
}
