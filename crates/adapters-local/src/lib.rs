//! adapters-local
