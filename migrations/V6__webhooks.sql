-- Webhooks: endpoints, what is sent to them, and in which order.

CREATE TABLE webhooks (
    id                  uuid        PRIMARY KEY,
    organization_id     uuid        NOT NULL REFERENCES organizations,
    url                 text        NOT NULL CHECK (url <> ''),
    event_types         text[]      NOT NULL CHECK (cardinality(event_types) BETWEEN 1 AND 50),
    description         text        CHECK (description <> ''),
    metadata            jsonb       NOT NULL,
    disabled_reason     text        CHECK (disabled_reason IN ('requested', 'gone', 'failing')),
    disabled_at         timestamptz,
    secret_sealed       bytea       NOT NULL,
    former_sealed       bytea,
    former_until        timestamptz,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    deleted_at          timestamptz,
    version             bigint      NOT NULL CHECK (version >= 1),
    CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL)),
    CHECK ((former_sealed IS NULL) = (former_until IS NULL))
);
CREATE INDEX webhooks_newest_first ON webhooks (organization_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- Every batch of events asks it.
CREATE INDEX webhooks_enabled ON webhooks (organization_id) WHERE disabled_at IS NULL AND deleted_at IS NULL;

-- What is sent, once per event however many endpoints get it: the signature is over these bytes.
CREATE TABLE webhook_messages (
    event_id   uuid        PRIMARY KEY,
    body       text        NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX webhook_messages_age ON webhook_messages (created_at);

-- An event is delivered to an endpoint once; what is sent again is the same delivery, begun anew.
CREATE TABLE webhook_deliveries (
    id              uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    webhook_id      uuid        NOT NULL,
    event_id        uuid        NOT NULL,
    event_type      text        NOT NULL,
    state           text        NOT NULL,
    attempts        integer     NOT NULL,
    next_attempt_at timestamptz,
    attempted_at    timestamptz,
    took_ms         integer,
    status          smallint,
    failure         text,
    created_at      timestamptz NOT NULL,
    UNIQUE (webhook_id, event_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_attempt_at, id) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_newest_first ON webhook_deliveries (webhook_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);

-- One per endpoint that anything was ever sent to. `due_at` is when the first delivery in it is due, or earlier, and NULL
-- when none is; `arrivals` grows with everything that is put in, so that whoever lets go of a lane sees what it has not seen.
-- The cost of finding work depends on the number of lanes that are due, not on how much waits in them.
CREATE TABLE webhook_lanes (
    webhook_id    uuid        PRIMARY KEY,
    due_at        timestamptz,
    arrivals      bigint      NOT NULL,
    holder        uuid,
    held_until    timestamptz,
    failing_since timestamptz
) WITH (fillfactor = 50);
CREATE INDEX webhook_lanes_well ON webhook_lanes (due_at) WHERE failing_since IS NULL AND due_at IS NOT NULL;
CREATE INDEX webhook_lanes_ailing ON webhook_lanes (due_at) WHERE failing_since IS NOT NULL AND due_at IS NOT NULL;

-- Events of the past that are being delivered again, and how far that has come.
CREATE TABLE webhook_replays (
    id              uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    webhook_id      uuid        NOT NULL,
    since           timestamptz NOT NULL,
    position        bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    finished_at     timestamptz
);
CREATE INDEX webhook_replays_unfinished ON webhook_replays (created_at, id) WHERE finished_at IS NULL;
