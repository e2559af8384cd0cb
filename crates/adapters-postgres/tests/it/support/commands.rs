//! The use cases, on a database.

use std::sync::Arc;

use adapters_postgres::PgNumberRegisterQueries;
use app::{
    idempotency::{Answer, KeyUse, Keyed, OnceError, Reply, execute_once},
    invoicing::{
        BillTo, ChangeInvoiceStatus, ChangeInvoiceStatusError, ChangeInvoiceStatusHandler,
        CreateInvoice, CreateInvoiceError, CreateInvoiceHandler, DeleteInvoice, DeleteInvoiceError,
        DeleteInvoiceHandler, EditInvoice, EditInvoiceError, EditInvoiceHandler, InvoiceChanges,
        NumberRegister, SweepOverdue, SweepOverdueHandler, Swept,
    },
    paging::{Limit, Window},
    ports::{Fingerprint, IdempotencyKey, KeyScope, NumberRegisterQueries},
    testing::{ORGANIZATION, caller, draft_contents, party},
};
use domain::{
    ids::InvoiceId,
    invoicing::{InvoiceFacts, InvoiceStatus, Series},
    values::Metadata,
    version::Precondition,
};
use futures_util::future::join_all;

use super::{World, number};

/// The first rows of a list.
pub(crate) fn first() -> Window {
    Window::After {
        position: None,
        limit: Limit::default(),
    }
}

/// An invoice that gets its number when it is issued.
pub(crate) fn unnumbered() -> CreateInvoice {
    CreateInvoice {
        caller: caller(),
        bill_to: BillTo::Inline(party("Ada")),
        number: None,
        currency: None,
        items: draft_contents().items,
        due_date: None,
        notes: None,
        metadata: Metadata::default(),
    }
}

/// An invoice under a number that the client has chosen.
pub(crate) fn numbered(chosen: &str) -> CreateInvoice {
    CreateInvoice {
        number: Some(number(chosen)),
        ..unnumbered()
    }
}

/// What every request under a key asks for, as far as its key knows.
pub(crate) const REQUEST: Fingerprint = Fingerprint([1; 32]);

fn render(result: Result<&InvoiceFacts, &CreateInvoiceError>) -> Answer {
    Answer {
        bytes: match result {
            Ok(facts) => format!("201 {}", facts.id).into_bytes(),
            Err(error) => format!("refused: {error}").into_bytes(),
        },
        is_final: !matches!(result, Err(CreateInvoiceError::Storage(_))),
    }
}

impl World {
    /// Makes an invoice under a key.
    pub(crate) async fn create_once(
        &self,
        key: &str,
        command: CreateInvoice,
    ) -> Result<Reply, OnceError> {
        let handler = CreateInvoiceHandler::new(self.clock.clone(), self.ids.clone());
        let scope = KeyScope {
            organization_id: ORGANIZATION,
            key: IdempotencyKey::parse(key).unwrap(),
        };
        let key = KeyUse {
            scope,
            fingerprint: REQUEST,
        };
        let keyed = Keyed {
            key,
            command,
            render,
        };
        execute_once(&self.bus, Arc::new(handler), keyed).await
    }

    pub(crate) async fn create(
        &self,
        command: CreateInvoice,
    ) -> Result<InvoiceFacts, CreateInvoiceError> {
        let handler = CreateInvoiceHandler::new(self.clock.clone(), self.ids.clone());
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn change_status(
        &self,
        id: InvoiceId,
        to: InvoiceStatus,
    ) -> Result<InvoiceFacts, ChangeInvoiceStatusError> {
        let handler = ChangeInvoiceStatusHandler::new(self.clock.clone(), self.ids.clone());
        let command = ChangeInvoiceStatus {
            caller: caller(),
            id,
            precondition: Precondition::Any,
            to,
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn edit(
        &self,
        id: InvoiceId,
        changes: InvoiceChanges,
    ) -> Result<InvoiceFacts, EditInvoiceError> {
        let handler = EditInvoiceHandler::new(self.clock.clone(), self.ids.clone());
        let command = EditInvoice {
            caller: caller(),
            id,
            precondition: Precondition::Any,
            changes,
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn delete(&self, id: InvoiceId) -> Result<(), DeleteInvoiceError> {
        let handler = DeleteInvoiceHandler::new(self.clock.clone(), self.ids.clone());
        let command = DeleteInvoice {
            caller: caller(),
            id,
            precondition: Precondition::Any,
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn sweep(&self, batch: i64) -> Swept {
        let handler = SweepOverdueHandler::new(self.clock.clone(), self.ids.clone());
        let command = SweepOverdue { batch };
        self.bus.execute(Arc::new(handler), command).await.unwrap()
    }

    /// A draft without a number, and its id.
    pub(crate) async fn drafted(&self) -> InvoiceId {
        self.create(unnumbered()).await.unwrap().id
    }

    /// Drafts without numbers, made at once.
    pub(crate) async fn drafts(&self, count: usize) -> Vec<InvoiceId> {
        join_all((0..count).map(|_| self.drafted())).await
    }

    /// Issues a draft, and gives its number.
    pub(crate) async fn issue(&self, id: InvoiceId) -> String {
        let sent = self.change_status(id, InvoiceStatus::Sent).await.unwrap();
        sent.number().unwrap().as_str().to_owned()
    }

    /// The first numbers of a series.
    pub(crate) async fn register_of(&self, series: &str, limit: i64) -> NumberRegister {
        let queries = PgNumberRegisterQueries::new(self.database.clone());
        let (series, limit) = (Series::named(series), Limit::new(limit).unwrap());
        let found = queries.register(ORGANIZATION, &series, 0, limit).await;
        found.unwrap().unwrap()
    }
}
