//! Reading requests, seen from outside: by the endpoints of keys, which take every part of a request.

mod bodies;
mod fields;
mod lists;
