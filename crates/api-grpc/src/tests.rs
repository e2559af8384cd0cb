//! The API, seen from outside: over a socket, by a client that is made of the same protos.

mod events;
mod gate;
mod health;
mod invoices;
mod payments;
mod transfers;
