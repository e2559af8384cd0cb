//! How statements are sent: by names that a session remembers; or, where a pooler lends sessions for a transaction, so that
//! nothing is left on the session afterwards, and nothing is relied on that somebody else may have left there.

use std::{borrow::Cow, sync::Arc};

use app::ports::StorageError;
use deadpool_postgres::ClientWrapper;
use futures_util::future::join3;
use tokio_postgres::{
    Error, Row, Statement,
    types::{ToSql, Type},
};

use super::{DatabaseOptions, parameter_types::ParameterTypes};

type Params<'p> = &'p [&'p (dyn ToSql + Sync)];

/// How the statements of a database are sent. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sending {
    /// What is different where sessions are lent; `None` where they are ours.
    lent: Option<Arc<Lent>>,
}

struct Lent {
    /// What is set for each transaction, since nothing can be set for a session.
    limits: String,
    /// `None` where the pooler keeps prepared statements.
    types: Option<ParameterTypes>,
}

/// A statement that only needs to be sent.
pub(crate) enum Prepared<'s> {
    /// The session knows it.
    Named(Statement),
    /// It travels as a whole, and is forgotten.
    Unnamed {
        /// Its text.
        sql: &'s str,
        /// What its parameters are.
        types: Arc<[Type]>,
    },
}

impl Sending {
    /// As the database of these options needs it.
    pub(super) fn of(options: &DatabaseOptions) -> Self {
        let lent = options.direct_url.as_ref().map(|_| Lent {
            limits: options.limits_of_a_transaction(),
            types: (!options.pooler_prepares).then(|| ParameterTypes::asked_of(options.direct())),
        });
        Self {
            lent: lent.map(Arc::new),
        }
    }

    /// Those of some statements that cannot be sent yet, since something has to be known of them before.
    pub(crate) fn unknown<'s>(
        &self,
        statements: impl IntoIterator<Item = &'s str>,
    ) -> Vec<&'s str> {
        let Some(types) = self.types() else {
            return Vec::new();
        };
        let mut statements: Vec<_> = statements.into_iter().collect();
        statements.retain(|sql| types.of(sql).is_none());
        statements
    }

    /// Finds out what has to be known of statements.
    pub(crate) async fn learn(&self, unknown: Vec<&str>) -> Result<(), StorageError> {
        if let Some(types) = self.types() {
            for sql in unknown {
                types.learn(sql).await?;
            }
        }
        Ok(())
    }

    /// A statement that was learnt, ready to be sent.
    pub(crate) async fn prepare<'s>(
        &self,
        client: &ClientWrapper,
        sql: &'s str,
    ) -> Result<Prepared<'s>, Error> {
        match self.types().and_then(|types| types.of(sql)) {
            Some(types) => Ok(Prepared::Unnamed { sql, types }),
            None => client.prepare_cached(sql).await.map(Prepared::Named),
        }
    }

    /// What opens a transaction.
    pub(crate) fn opening(&self, begin: &'static str) -> Cow<'static, str> {
        let Some(lent) = &self.lent else {
            return Cow::Borrowed(begin);
        };
        let (begin, settings) = begin.split_once(';').unwrap_or((begin, ""));
        let isolation = if begin.contains("ISOLATION") {
            ""
        } else {
            " ISOLATION LEVEL READ COMMITTED"
        };
        // Its own settings come last, and win.
        Cow::Owned(format!("{begin}{isolation}; {}; {settings}", lent.limits))
    }

    /// Sends what is a transaction by itself. `work` MUST send all it has to when it is first polled.
    pub(crate) async fn alone<T>(
        &self,
        client: &ClientWrapper,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        if self.lent.is_none() {
            return work.await;
        }
        let opening = self.opening("BEGIN");
        let opening = client.batch_execute(&opening);
        let (opened, done, committed) = join3(opening, work, client.batch_execute("COMMIT")).await;
        opened?;
        let done = done?;
        committed?;
        Ok(done)
    }

    fn types(&self) -> Option<&ParameterTypes> {
        self.lent.as_ref()?.types.as_ref()
    }
}

impl Prepared<'_> {
    /// Sends it, and waits for rows.
    pub(crate) async fn query(
        &self,
        client: &ClientWrapper,
        params: Params<'_>,
    ) -> Result<Vec<Row>, Error> {
        match self {
            Self::Named(statement) => client.query(statement, params).await,
            Self::Unnamed { sql, types } => client.query_typed(sql, &typed(params, types)).await,
        }
    }

    /// Sends it, and waits for the number of rows that it has written.
    pub(crate) async fn execute(
        &self,
        client: &ClientWrapper,
        params: Params<'_>,
    ) -> Result<u64, Error> {
        match self {
            Self::Named(statement) => client.execute(statement, params).await,
            Self::Unnamed { sql, types } => client.execute_typed(sql, &typed(params, types)).await,
        }
    }
}

fn typed<'p>(params: Params<'p>, types: &[Type]) -> Vec<(&'p (dyn ToSql + Sync), Type)> {
    params.iter().copied().zip(types.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn lent() -> Sending {
        Sending::of(&DatabaseOptions {
            direct_url: Some("postgresql://there".to_owned()),
            ..DatabaseOptions::at("postgresql://pooler")
        })
    }

    #[rstest]
    #[case::plain("BEGIN", "BEGIN ISOLATION LEVEL READ COMMITTED", "")]
    #[case::its_own_isolation(
        "BEGIN ISOLATION LEVEL SERIALIZABLE",
        "BEGIN ISOLATION LEVEL SERIALIZABLE",
        ""
    )]
    #[case::its_own_settings(
        "BEGIN; SET LOCAL lock_timeout = '200ms'",
        "BEGIN ISOLATION LEVEL READ COMMITTED",
        "SET LOCAL lock_timeout = '200ms'"
    )]
    fn a_lent_session_is_set_anew_for_each_transaction_and_what_it_sets_itself_wins(
        #[case] begin: &'static str,
        #[case] first: &str,
        #[case] last: &str,
    ) {
        let opening = lent().opening(begin);

        let statements: Vec<&str> = opening.split(';').map(str::trim).collect();
        let [opened, limits @ .., settings] = &statements[..] else {
            unreachable!("{opening}")
        };
        assert_eq!((*opened, *settings), (first, last));
        assert_eq!(
            limits,
            [
                "SET LOCAL statement_timeout = 10000",
                "SET LOCAL lock_timeout = 2000",
                "SET LOCAL idle_in_transaction_session_timeout = 24000",
                "SET LOCAL jit = off"
            ]
        );
    }

    #[test]
    fn a_session_of_our_own_was_set_when_it_was_opened() {
        let sending = Sending::of(&DatabaseOptions::at("postgresql://there"));

        assert_eq!(sending.opening("BEGIN"), "BEGIN");
    }
}
