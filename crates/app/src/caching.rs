//! Reading through a cache, for whatever has versions: the decorators of the query ports are made of this.

mod cache_invalidation;
mod cached_look_up;
mod single_flight;

pub use cache_invalidation::CacheInvalidation;
pub(crate) use cached_look_up::{CachedLookUp, Source, as_told_to_each};
pub(crate) use single_flight::SingleFlight;
