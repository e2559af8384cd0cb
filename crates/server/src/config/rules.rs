//! Which settings fit each other.

use super::{Mistakes, Settings};

/// Adds a mistake for each pair that does not.
pub(super) fn check(settings: &Settings, mistakes: &mut Mistakes) {
    let database = &settings.database;
    let is_production = settings.is_production();
    let (http, management) = (settings.http.port, settings.management.port);
    let same_port = http == management && http != 0;
    let grpc = settings.grpc;
    let same_grpc_port = grpc.enabled && grpc.port != 0 && [http, management].contains(&grpc.port);
    let rules = [
        (
            is_production && database.url.is_none(),
            "TALLYSTICK_DATABASE__URL must be set when TALLYSTICK_ENVIRONMENT is production: \
             the embedded database is for development",
        ),
        (
            is_production && settings.wallets.encryption_key.is_none(),
            "TALLYSTICK_WALLETS__ENCRYPTION_KEY must be set when TALLYSTICK_ENVIRONMENT is production: \
             a key that lies in the database protects nothing that lies beside it",
        ),
        (
            is_production && settings.clock.offset_seconds != 0,
            "TALLYSTICK_CLOCK__OFFSET_SECONDS must be 0 when TALLYSTICK_ENVIRONMENT is production: \
             it is for tests",
        ),
        (
            database.pool_min_idle > database.pool_max,
            "TALLYSTICK_DATABASE__POOL_MIN_IDLE must be at most TALLYSTICK_DATABASE__POOL_MAX",
        ),
        (
            database.lock_timeout > database.statement_timeout,
            "TALLYSTICK_DATABASE__LOCK_TIMEOUT_MS must be at most \
             TALLYSTICK_DATABASE__STATEMENT_TIMEOUT_MS",
        ),
        (
            database.query_deadline < database.statement_timeout,
            "TALLYSTICK_DATABASE__QUERY_DEADLINE_MS must be at least \
             TALLYSTICK_DATABASE__STATEMENT_TIMEOUT_MS, so that the database's own limit is met first",
        ),
        (
            same_port,
            "TALLYSTICK_MANAGEMENT__PORT must differ from TALLYSTICK_HTTP__PORT",
        ),
        (
            same_grpc_port,
            "TALLYSTICK_GRPC__PORT must differ from TALLYSTICK_HTTP__PORT and TALLYSTICK_MANAGEMENT__PORT",
        ),
    ];
    for (is_broken, mistake) in rules {
        if is_broken {
            mistakes.add(mistake.to_owned());
        }
    }
}
