//! Every kind of problem that a client can meet. `GET /problems` is made from it.

mod contents;
mod invoicing;
mod ledger;
mod notices;
mod payments;
mod requests;
mod resources;
mod transport;
mod vouchers;
mod wallets;
mod webhooks;

pub use self::{
    contents::*, invoicing::*, ledger::*, notices::*, payments::*, requests::*, resources::*,
    transport::*, vouchers::*, wallets::*, webhooks::*,
};

use super::Status;

/// A kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct ProblemKind {
    /// A stable word: what programs decide by.
    pub code: &'static str,
    /// Its class.
    pub status: Status,
    /// The kind in words.
    pub title: &'static str,
    /// What it means and what to do about it.
    pub description: &'static str,
    /// After how many seconds the same request may succeed, where that is known beforehand.
    pub retry_after_seconds: Option<u64>,
    /// Whether it is the outcome of the request rather than of the circumstances it came in: then it is remembered under
    /// the request's idempotency key.
    pub is_final: bool,
}

impl ProblemKind {
    /// Where it is explained: `/problems/{slug}`.
    pub fn path(&self) -> String {
        format!("/problems/{}", self.slug())
    }

    /// Its code as part of a path.
    pub fn slug(&self) -> String {
        self.code.replace('_', "-")
    }
}

/// Every kind, in the order of the status.
pub fn all() -> impl Iterator<Item = &'static ProblemKind> {
    let mut kinds: Vec<_> = [
        transport::KINDS,
        contents::KINDS,
        requests::KINDS,
        invoicing::KINDS,
        ledger::KINDS,
        payments::KINDS,
        notices::KINDS,
        resources::KINDS,
        vouchers::KINDS,
        wallets::KINDS,
        webhooks::KINDS,
    ]
    .into_iter()
    .flatten()
    .copied()
    .collect();
    kinds.sort_by_key(|kind| kind.status);
    kinds.into_iter()
}

/// Declares kinds and a list of them all: `NAME = STATUS "code" "title" "description" …`, where `[is_final]` says that it is
/// the outcome of the request, and `[retry 1]` that the same request may succeed after one second.
macro_rules! kinds {
    ($($name:ident = $status:ident $code:literal, $title:literal, $description:literal
       $(, [$($note:tt)+])?;)+) => {
        $(
            #[doc = $description]
            pub static $name: $crate::problem::ProblemKind = $crate::problem::ProblemKind {
                code: $code,
                status: $crate::problem::Status::$status,
                title: $title,
                description: $description,
                retry_after_seconds: $crate::problem::catalogue::kinds!(@retry $($($note)+)?),
                is_final: $crate::problem::catalogue::kinds!(@final $($($note)+)?),
            };
        )+
        pub(super) static KINDS: &[&$crate::problem::ProblemKind] = &[$(&$name),+];
    };
    (@retry retry $seconds:literal) => { Some($seconds) };
    (@retry $($other:tt)*) => { None };
    (@final is_final) => { true };
    (@final $($other:tt)*) => { false };
}
use kinds;
