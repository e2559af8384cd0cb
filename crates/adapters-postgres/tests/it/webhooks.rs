//! Webhooks: endpoints, deliveries, and the lanes that they wait in.

mod couriers;
mod deliveries;
mod endpoints;
mod lanes;
mod meanwhile;
mod replays;
mod support;
