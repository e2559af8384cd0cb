# Thin names for cargo commands; everything works without `just` too.

# List the recipes.
default:
    @just --list

# Tests of one crate, for example `just test domain`; without a name, everything (`cargo xtask test`).
test crate="" *filter:
    {{ if crate == "" { "cargo xtask test" } else { "cargo test --package " + crate + " " + filter } }}

# The whole service on http://localhost:8080, on an embedded database.
run *args:
    cargo xtask run {{ args }}

# Does it compile?
check *args:
    cargo check --workspace --all-targets {{ args }}

# Formatting, layers, limits, clippy.
lint:
    cargo fmt --all --check
    cargo xtask layers
    cargo xtask tidy
    cargo clippy --workspace --all-targets --features server/kafka -- --deny warnings

# Measurements against yardsticks, for example `just bench --quick`.
bench *args:
    cargo xtask bench {{ args }}
