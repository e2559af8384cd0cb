//! adapters-redis
