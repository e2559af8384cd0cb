//! Many organizations with a webhook each, something that happens to them, and the receivers.

mod audience;
mod happenings;
mod receivers;

pub(crate) use self::{
    audience::Audience,
    happenings::{Course, Happenings},
    receivers::Receivers,
};
