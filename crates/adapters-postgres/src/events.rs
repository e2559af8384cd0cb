//! Events: the log, its readers, and what could not be delivered.

mod inbox;
