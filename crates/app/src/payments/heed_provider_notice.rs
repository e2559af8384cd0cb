//! Heeding what a provider tells without being asked.

use std::sync::Arc;

use domain::{ids::EventId, payments::ProviderName};
use sha2::{Digest as _, Sha256};

use crate::{
    ports::{Clock, ProviderNotice, ReadNotice, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// What the inbox calls whoever heeds notices.
const CONSUMER: &str = "provider_notices";

/// Look up what a notice may be about, now. The notice itself decides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeedProviderNotice {
    /// Whose notice.
    pub provider: ProviderName,
    /// The notice, which is authentic.
    pub notice: ReadNotice,
}

/// Makes look-ups due.
pub struct HeedProviderNoticeHandler {
    clock: Arc<dyn Clock>,
}

impl HeedProviderNoticeHandler {
    /// A handler.
    pub const fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl CommandHandler<HeedProviderNotice> for HeedProviderNoticeHandler {
    type Output = ();
    type Error = StorageError;

    const NAME: &'static str = "heed_provider_notice";

    async fn handle(
        &self,
        command: &HeedProviderNotice,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), StorageError> {
        let id = id_of(&command.provider, &command.notice.id);
        if !uow.inbox().is_new(CONSUMER, id).await? {
            return Ok(());
        }
        let notice = ProviderNotice {
            provider: command.provider.clone(),
            keys: command.notice.keys.clone(),
            references: command.notice.references.clone(),
        };
        let now = self.clock.now();
        if command.notice.tells_of_return {
            uow.suspected_returns().suspect(&notice, now).await?;
        }
        let hastened = uow.payment_work().hasten(&notice, now).await?;
        tracing::debug!(provider = %command.provider.as_str(), hastened, "a provider's notice was heeded");
        Ok(())
    }
}

/// An id that follows from what the provider calls its notice (RFC 9562, version 8).
fn id_of(provider: &ProviderName, notice: &str) -> EventId {
    let mut hash = Sha256::new();
    hash.update(provider.as_str());
    hash.update([0]);
    hash.update(notice);
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(hash.finalize()) {
        *byte = hashed;
    }
    EventId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests;
