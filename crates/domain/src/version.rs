//! Versions of aggregates: 1 when it is made, one more with every change.

/// How many changes an aggregate has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(i64);

/// The caller wanted to change a version that is not the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the current version is {}", current.as_i64())]
pub struct VersionConflict {
    /// What is stored.
    pub current: Version,
}

/// Which versions a caller is ready to change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Precondition {
    /// Whatever is there.
    #[default]
    Any,
    /// One of those that the caller has seen.
    OneOf(Vec<Version>),
}

impl Precondition {
    /// Holds when `current` is a version that the caller is ready to change.
    pub fn check(&self, current: Version) -> Result<(), VersionConflict> {
        match self {
            Self::OneOf(seen) if !seen.contains(&current) => Err(VersionConflict { current }),
            Self::OneOf(_) | Self::Any => Ok(()),
        }
    }
}

impl Version {
    /// Of something that was just made.
    pub const FIRST: Self = Self(1);

    /// Wraps a stored version.
    pub const fn new(raw: i64) -> Self {
        Self(raw)
    }

    /// The number.
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// The version before the last change; 0 before the first.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The version after one more change.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_versions_that_the_caller_has_seen_are_changed() {
        let current = Version::FIRST.next();
        let conflict = Err(VersionConflict { current });

        assert_eq!(Precondition::Any.check(current), Ok(()));
        assert_eq!(
            Precondition::OneOf(vec![Version::FIRST, current]).check(current),
            Ok(())
        );
        assert_eq!(
            Precondition::OneOf(vec![Version::FIRST]).check(current),
            conflict
        );
        assert_eq!(Precondition::OneOf(Vec::new()).check(current), conflict);
    }
}
