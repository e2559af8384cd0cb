//! What a message says, read strictly: with all its faults at once.

use std::cell::RefCell;

use api_shared::{
    cursor::CursorSpace,
    input::{Fields, Json, Parameters, Query, Value, settle, subject},
    problem::{Fault, Faults, Refusal},
    vouchers::voucher_code,
};
use app::paging::Window;
use domain::{
    version::{Precondition, Version},
    vouchers::VoucherCode,
};
use uuid::Uuid;

/// A message that is being read.
pub(crate) struct Input<'a> {
    query: Query<'a>,
    body: &'a Json,
    faults: &'a RefCell<Faults>,
}

/// The parts of a message.
pub(crate) struct Message<'a> {
    pub(crate) body: &'a Json,
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) cursors: CursorSpace<'a>,
    /// What is wrong with its metadata.
    pub(crate) fault: Option<Fault>,
}

impl Message<'_> {
    /// Reads everything that the rpc wants of it, and refuses it with all its faults if there are any.
    pub(crate) fn read<T>(
        self,
        reader: impl FnOnce(&mut Input<'_>) -> Option<T>,
    ) -> Result<T, Refusal> {
        let faults = RefCell::new(Faults::default());
        let parameters = Parameters::listed(self.parameters);
        let mut input = Input {
            query: Query::new(parameters, self.cursors, &faults),
            body: self.body,
            faults: &faults,
        };
        let read = reader(&mut input);
        input.query.refuse_unread();
        if let Some(fault) = self.fault {
            faults.borrow_mut().push(fault);
        }
        settle(read, faults.into_inner())
    }
}

impl Input<'_> {
    /// The id that the request is about.
    pub(crate) fn id<T>(&mut self, name: &str, raw: &str, wrap: fn(Uuid) -> T) -> Option<T> {
        subject(name, raw, wrap, &mut self.faults.borrow_mut())
    }

    /// The code of the voucher that the request is about.
    pub(crate) fn code(&mut self, raw: &str) -> Option<VoucherCode> {
        voucher_code(raw, &mut self.query)
    }

    /// Its parameters.
    pub(crate) fn query<T>(&mut self, read: impl FnOnce(&mut Query<'_>) -> Option<T>) -> Option<T> {
        read(&mut self.query)
    }

    /// The piece of a list that it asks for.
    pub(crate) fn window(&mut self) -> Option<Window> {
        self.query.window()
    }

    /// Its document.
    pub(crate) fn body<T>(&mut self, read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Option<T> {
        Value::root(self.body, self.faults).object(read)
    }
}

/// Which version the client is ready to change.
pub(crate) fn expecting(version: Option<i64>) -> Precondition {
    version.map_or(Precondition::Any, |version| {
        Precondition::OneOf(vec![Version::new(version)])
    })
}
