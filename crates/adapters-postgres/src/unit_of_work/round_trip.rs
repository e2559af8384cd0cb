//! One journey of statements to the server and back.

use app::ports::StorageError;
use deadpool_postgres::ClientWrapper;

use super::{LostRace, PgUnitOfWork, Phase};
use crate::{
    database::{Sending, Trouble, round_trip},
    error::unavailable,
    statement_spans::StatementSpans,
};

impl PgUnitOfWork {
    /// Makes sure that statements can be sent. If they cannot, or nobody waits for it, the transaction can only be undone: some
    /// of its writes may never be sent.
    pub(super) async fn learn(
        &mut self,
        unknown: Vec<&'static str>,
    ) -> Result<Sending, StorageError> {
        let phase = std::mem::replace(&mut self.phase, Phase::Broken);
        self.sending.learn(unknown).await?;
        self.phase = phase;
        Ok(self.sending.clone())
    }

    /// Does a part of the transaction. From the moment it begins until it has succeeded the transaction is broken: also
    /// when whoever asked for it stops waiting, and goes on with the transaction in an unknown state.
    pub(super) async fn within_deadline<T>(
        &mut self,
        sent: StatementSpans,
        work: impl AsyncFnOnce(&ClientWrapper) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, StorageError> {
        if self.phase == Phase::Broken {
            return Err(unavailable(
                "an earlier statement of the transaction did not succeed",
            ));
        }
        self.phase = Phase::Broken;
        let done = self.round_trip(sent, work).await?;
        self.phase = Phase::Open;
        Ok(done)
    }

    pub(super) async fn round_trip<T>(
        &mut self,
        sent: StatementSpans,
        work: impl AsyncFnOnce(&ClientWrapper) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, StorageError> {
        let done = round_trip(&mut self.client, self.terms.deadline, sent, work).await;
        done.map_err(|trouble| {
            if let Trouble::Refused(error) = &trouble {
                self.lost_race = self.lost_race.take().or_else(|| LostRace::told_by(error));
            }
            trouble.into()
        })
    }
}
