//! The parameters of a request, and which piece of a list they ask for.

use std::cell::RefCell;

use app::paging::Window;
use domain::values::InvalidValue;

use super::{Parameters, list};
use crate::{
    cursor::CursorSpace,
    problem::{Fault, Faults, Place, catalogue::INVALID_PARAMETER},
};

/// Parameters that are being read.
pub struct Query<'a> {
    parameters: Parameters<'a>,
    cursors: CursorSpace<'a>,
    faults: &'a RefCell<Faults>,
}

impl<'a> Query<'a> {
    /// These parameters, of a list whose cursors are good for `cursors`.
    pub const fn new(
        parameters: Parameters<'a>,
        cursors: CursorSpace<'a>,
        faults: &'a RefCell<Faults>,
    ) -> Self {
        Self {
            parameters,
            cursors,
            faults,
        }
    }

    /// A parameter that may be given once; `Some(None)` when it is not there.
    pub fn parameter<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
    ) -> Option<Option<T>> {
        self.parameters.one(name, parse, self.faults)
    }

    /// A parameter that may be given several times, for example `status=draft&status=sent`.
    pub fn parameters<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, InvalidValue>,
    ) -> Option<Vec<T>> {
        self.parameters.many(name, parse, self.faults)
    }

    /// Notes that a parameter is wrong, for reasons that its own parser cannot know.
    pub fn refuse(&mut self, name: &str, code: &'static str, message: &'static str) {
        let place = Place::Parameter(name.to_owned());
        let fault = Fault::new(&INVALID_PARAMETER, place, code, message);
        self.faults.borrow_mut().push(fault);
    }

    /// Which piece of a list: `limit` and `cursor`, or `page` and `page_size`. Read it after all filters.
    pub fn window(&mut self) -> Option<Window> {
        list::window(&mut self.parameters, &self.cursors, self.faults)
    }

    /// Which rows of a list, and which piece of them.
    pub fn list<F>(&mut self, filter: impl FnOnce(&mut Self) -> Option<F>) -> Option<(F, Window)> {
        let filter = filter(self);
        let window = self.window();
        Some((filter?, window?))
    }

    /// Refuses what nobody has asked for.
    pub fn refuse_unread(&self) {
        self.parameters.refuse_unread(self.faults);
    }
}
