//! What all tests here share.

mod admin;
mod aggregates;
pub(crate) mod books;
mod commands;
mod crowd;
mod dice;
mod faults;
mod gifts;
mod holds;
mod ledger;
mod payments;
mod pieces;
mod proxy;
mod reviews;
mod server;
mod vouchers;
mod world;

pub(crate) use admin::{Admin, wait_until};
pub(crate) use aggregates::{
    address, at, currency, customer, draft, email, event, full_metadata, full_party, invoice_id,
    issued, line, name, number, steps,
};
pub(crate) use commands::{REQUEST, first, numbered, unnumbered};
pub(crate) use crowd::{SEARCHES, anybody, both, filter_by, lets_through};
pub(crate) use dice::Dice;
pub(crate) use faults::{DEADLINE, behind_a_proxy, is_unavailable, nothing_is_open};
pub(crate) use gifts::GiftShop;
pub(crate) use holds::hold;
pub(crate) use ledger::{
    Ledger, account, ask, asked, deposit, engine_over, engine_with, store_of, told, transfer,
};
pub(crate) use payments::{external, internal, pay_with, providers, settling};
pub(crate) use pieces::{Held, SPEC, drop_after_polls, piece};
pub(crate) use proxy::{Manner, Proxy};
pub(crate) use reviews::{created, updated};
pub(crate) use server::{empty_database, log_of, migrated_database, pooler_of, reached_at};
pub(crate) use vouchers::{cap, code, draft_of, reasons, ten_off};
pub(crate) use world::World;
