//! What one key may pass on to another.

use jiff::Timestamp;

use super::{Scope, Scopes};

/// What a key may do, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// How far it goes.
    pub scopes: Scopes,
    /// From when on it opens nothing; never without it.
    pub expires_at: Option<Timestamp>,
}

/// A key cannot be given more than its maker has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantExceeded {
    /// It would go further.
    #[error("the scope {0} is beyond those of the key that asks for it")]
    Scope(Scope),
    /// It would last longer.
    #[error("the key that asks for it ends at {0}, and the new one cannot outlast it")]
    Time(Timestamp),
}

impl Grant {
    /// Refuses what goes further or lasts longer than this.
    pub fn cover(&self, wanted: &Self) -> Result<(), GrantExceeded> {
        if let Some(beyond) = wanted.scopes.iter().find(|it| !self.scopes.allow(*it)) {
            return Err(GrantExceeded::Scope(beyond));
        }
        match self.expires_at {
            Some(end) if wanted.expires_at.is_none_or(|wanted| wanted > end) => {
                Err(GrantExceeded::Time(end))
            }
            Some(_) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const END: Timestamp = Timestamp::UNIX_EPOCH;

    fn grant(scopes: impl IntoIterator<Item = Scope>, expires_at: Option<Timestamp>) -> Grant {
        Grant {
            scopes: Scopes::new(scopes).unwrap(),
            expires_at,
        }
    }

    #[test]
    fn only_a_star_covers_a_star() {
        let star = grant([Scope::All], None);
        let most = grant(Scope::all().filter(|scope| *scope != Scope::All), None);

        assert_eq!(star.cover(&most), Ok(()));
        assert_eq!(most.cover(&star), Err(GrantExceeded::Scope(Scope::All)));
    }

    #[rstest]
    #[case::one_that_ends_may_follow_one_that_does_not(None, Some(END), true)]
    #[case::neither_ends(None, None, true)]
    #[case::both_end_together(Some(END), Some(END), true)]
    #[case::a_microsecond_longer(Some(END), Some(END + jiff::SignedDuration::from_micros(1)), false)]
    #[case::for_ever(Some(END), None, false)]
    fn nothing_outlasts_what_it_was_granted_by(
        #[case] granting: Option<Timestamp>,
        #[case] wanted: Option<Timestamp>,
        #[case] is_covered: bool,
    ) {
        let granting = grant([Scope::All], granting);

        let covered = granting.cover(&grant([Scope::All], wanted));

        let expected = is_covered.then_some(()).ok_or(GrantExceeded::Time(END));
        assert_eq!(covered, expected);
    }
}
