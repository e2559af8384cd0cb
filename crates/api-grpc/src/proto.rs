//! What is generated from `proto/`: messages, servers and clients.

mod instants;
mod words;

pub(crate) use self::{instants::stamp, words::Word};

#[expect(
    missing_docs,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::as_conversions,
    clippy::large_enum_variant,
    reason = "generated; the protos are the documentation"
)]
pub mod v1 {
    tonic::include_proto!("tallystick.v1");
}

/// Everything that the protos say, for reflection: an encoded `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
