//! The API, seen from outside: over a socket, by a client that is made of the same protos.

mod dead_letters;
mod events;
mod gate;
mod health;
mod invoices;
mod late_repeats;
mod payments;
mod transfers;
mod vouchers;
