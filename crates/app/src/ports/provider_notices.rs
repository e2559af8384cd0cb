//! What payment providers tell without being asked.

use std::sync::Arc;

use async_trait::async_trait;
use domain::payments::ProviderName;
use uuid::Uuid;

/// A request that says that it comes from a provider.
#[derive(Debug, Clone, Copy)]
pub struct RawNotice<'a> {
    /// Its headers, with names in lower case.
    pub headers: &'a [(String, String)],
    /// Its body.
    pub body: &'a [u8],
}

impl<'a> RawNotice<'a> {
    /// The value of a header; of one that is there more than once, none.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let mut named = self.headers.iter().filter(|(known, _)| known == name);
        let first = named.next()?;
        named.next().is_none().then_some(first.1.as_str())
    }
}

/// A notice that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadNotice {
    /// What the provider calls the notice. Whoever repeats it calls it the same.
    pub id: String,
    /// The keys of orders that it may be about.
    pub keys: Vec<Uuid>,
    /// What the provider calls what it may be about.
    pub references: Vec<String>,
    /// Whether it tells that a payout has failed, or has come back: also one that had arrived.
    pub tells_of_return: bool,
}

/// Why a notice was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoticeRefused {
    /// It is not signed as the provider signs, or was signed too long ago.
    #[error("the notice is not signed by its provider, or was signed too long ago")]
    NotAuthentic,
    /// It is signed, and cannot be understood.
    #[error("the notice is not what its provider sends")]
    Unreadable,
    /// Whether it is authentic cannot be told at this moment.
    #[error("whether the notice comes from its provider cannot be told at this moment")]
    Unverifiable,
}

/// Reads the notices of one provider. It MUST take none for authentic whose signature it has not checked.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait NoticeReader: Send + Sync {
    /// Whose notices.
    fn provider(&self) -> &ProviderName;

    /// Checks a notice, and tells what it may be about.
    async fn read<'a>(&self, notice: RawNotice<'a>) -> Result<ReadNotice, NoticeRefused>;
}

/// The readers of the providers that send notices.
#[derive(Clone, Default)]
pub struct NoticeReaders(Vec<Arc<dyn NoticeReader>>);

impl NoticeReaders {
    /// These.
    pub fn new(readers: Vec<Arc<dyn NoticeReader>>) -> Self {
        Self(readers)
    }

    /// The reader for this provider, if it is set up.
    pub fn find(&self, provider: &ProviderName) -> Option<&Arc<dyn NoticeReader>> {
        self.0.iter().find(|reader| reader.provider() == provider)
    }

    /// Whose notices are read.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderName> {
        self.0.iter().map(|reader| reader.provider())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_is_there_twice_says_nothing() {
        let headers = [("a", "1"), ("b", "2"), ("a", "3")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let notice = RawNotice {
            headers: &headers,
            body: b"",
        };

        let found = ["a", "b", "c"].map(|name| notice.header(name));

        assert_eq!(found, [None, Some("2"), None]);
    }
}
