//! What is shipped beside the binary: that the image can be built, that the compose file is hardened and says what the
//! server understands, that every metric somebody looks at exists, and that the documents lead somewhere.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod chart;
mod collector;
mod compose;
mod documents;
mod image;
mod metrics;
mod project;
mod promtool;
mod security;
#[cfg(feature = "apart")]
mod started_image;
