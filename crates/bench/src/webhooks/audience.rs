//! Organizations with a webhook each.

use std::net::SocketAddr;

use tokio_postgres::Client as Database;
use uuid::Uuid;

use crate::http::Client;

/// As many as are wanted, like the only one that is there; each with a key whose secret is known.
const FOUND: &str = "
    WITH founded AS (
        INSERT INTO organizations
        SELECT copy.*
          FROM organizations AS old, generate_series(1, $1::bigint) AS n,
               jsonb_populate_record(old, jsonb_build_object('id', gen_random_uuid(), 'legal_name', n::text)) AS copy
        RETURNING id
    ), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM founded
    ), keyed AS (
        INSERT INTO api_keys
        SELECT copy.*
          FROM api_keys AS old, numbered,
               jsonb_populate_record(old, jsonb_build_object(
                   'id', gen_random_uuid(), 'organization_id', numbered.id,
                   'hash', '\\x' || encode(sha256(convert_to('tsk_' || lpad(number::text, 32, '0'), 'UTF8')), 'hex'))) AS copy
    )
    SELECT id FROM numbered ORDER BY number";

/// Organizations, of which each has one webhook that gets everything.
pub(crate) struct Audience {
    /// The organizations.
    pub(crate) organizations: Vec<Uuid>,
}

impl Audience {
    /// Founds so many, and has them ask a service for a webhook. `url_of` tells where the one of a number is.
    pub(crate) async fn gather(
        database: &Database,
        service: SocketAddr,
        (count, url_of): (usize, impl Fn(usize) -> String),
    ) -> anyhow::Result<Self> {
        let rows = database.query(FOUND, &[&i64::try_from(count)?]).await?;
        let organizations: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect();
        for index in 0..organizations.len() {
            let key = format!("tsk_{:032}", index + 1);
            let mut client = Client::connect(service, Some(&key)).await?;
            let body = format!(r#"{{"url": "{}", "event_types": ["*"]}}"#, url_of(index));
            client.post("/api/v1/webhooks", &body).await?;
        }
        Ok(Self { organizations })
    }
}
