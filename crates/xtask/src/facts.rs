//! What the checks want to know about a source file, collected in one walk over its syntax tree.

mod macros;
mod walk;

use syn::visit::Visit;

/// Something at a line, and whether it is test code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At<T> {
    /// Counted from 1.
    pub(crate) line: usize,
    /// Inside `#[cfg(test)]` or a test function.
    pub(crate) in_test: bool,
    /// What stands there.
    pub(crate) what: T,
}

/// A function, method or trait method.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// From `fn` to the closing brace.
    pub(crate) lines: usize,
    /// Without `self`.
    pub(crate) parameters: usize,
}

/// A trait.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Trait {
    pub(crate) name: String,
    /// Its methods, without those that only hand out another port (`fn invoices(&mut self) -> &mut dyn …`): the unit of
    /// work is the bundle of all ports and grows with the contexts.
    pub(crate) methods: usize,
}

/// All facts of one file.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) functions: Vec<At<Function>>,
    pub(crate) traits: Vec<At<Trait>>,
    /// Names of structs, enums and type aliases.
    pub(crate) types: Vec<At<String>>,
    /// Attributes as `path` or `path tokens`.
    pub(crate) attributes: Vec<At<String>>,
    /// Names of the macros that are called.
    pub(crate) macros: Vec<At<String>>,
    /// Paths in expressions, with `::`.
    pub(crate) paths: Vec<At<String>>,
    /// String literals, also inside macro calls.
    pub(crate) strings: Vec<At<String>>,
    /// Arms that catch everything, in `impl From<…> for Problem`.
    pub(crate) catch_alls: Vec<At<()>>,
    /// It has an `impl CommandHandler<Command> for Handler` without generics: a use case, not a decorator.
    pub(crate) is_use_case: bool,
    /// Lines of `#[cfg(test)]` items.
    pub(crate) test_lines: usize,
}

impl Facts {
    /// Collects them.
    pub(crate) fn of(syntax: &syn::File) -> Self {
        let mut walk = walk::Walk::default();
        walk.visit_file(syntax);
        walk.facts
    }
}

#[cfg(test)]
mod tests;
