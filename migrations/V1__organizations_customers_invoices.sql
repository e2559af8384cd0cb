-- Organizations and their keys, customers, invoices, and what every write leaves behind for others: events, timelines,
-- answers to repeat. Rules live in the domain; the constraints here refuse a second time what it never lets through.
-- Extensions: pg_trgm for names that contain a text, btree_gin for such an index per organization. Both are trusted, so
-- the owner of the database can create them.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE TABLE service_secrets (
    name  text  PRIMARY KEY,
    value bytea NOT NULL
);

-- Platform ------------------------------------------------------------------------------------------------------------

CREATE TABLE organizations (
    id                    uuid        PRIMARY KEY,
    legal_name            text        NOT NULL CHECK (legal_name <> ''),
    address               jsonb,
    tax_id                text,
    email                 text,
    default_currency      text        NOT NULL CHECK (default_currency ~ '^[A-Z]{3}$'),
    invoice_number_prefix text        NOT NULL CHECK (invoice_number_prefix ~ '^[A-Za-z0-9_/.-]{0,20}$'),
    payment_terms_days    smallint    NOT NULL CHECK (payment_terms_days BETWEEN 0 AND 3650),
    rounding              text        NOT NULL CHECK (rounding IN ('half_away_from_zero', 'half_even')),
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,
    version               bigint      NOT NULL CHECK (version >= 1)
);

CREATE TABLE api_keys (
    id              uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL REFERENCES organizations,
    name            text        NOT NULL CHECK (name <> ''),
    scopes          text[]      NOT NULL CHECK (cardinality(scopes) > 0),
    shown_prefix    text        NOT NULL,
    hash            bytea       NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz,
    revoked_at      timestamptz,
    version         bigint      NOT NULL CHECK (version >= 1)
);
CREATE INDEX api_keys_newest_first ON api_keys (organization_id, created_at DESC, id DESC) WHERE revoked_at IS NULL;

-- This table, the outbox and the timeline get a row with every write, and have no CHECKs: PostgreSQL reads and plans the
-- text of each one anew in every statement, 2 to 3 us apiece.
CREATE TABLE idempotency_keys (
    organization_id uuid        NOT NULL,
    key             text        NOT NULL,
    fingerprint     bytea       NOT NULL,
    answer          bytea       NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (organization_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys USING brin (created_at) WITH (autosummarize = on);

-- One event per version of an aggregate: a second writer of a version is refused, whatever the code does. A partition per
-- day of UTC, since what was published is forgotten by dropping whole days; the scheduler makes the coming ones, and what
-- finds none goes to outbox_other.
CREATE SEQUENCE outbox_id;
CREATE TABLE outbox (
    day               date        NOT NULL,
    id                bigint      NOT NULL DEFAULT nextval('outbox_id'),
    event_id          uuid        NOT NULL,
    organization_id   uuid        NOT NULL,
    aggregate_type    text        NOT NULL,
    aggregate_id      uuid        NOT NULL,
    aggregate_version bigint      NOT NULL,
    type              text        NOT NULL,
    payload           json        NOT NULL,
    trace_context     text,
    xact_id           xid8        NOT NULL DEFAULT pg_current_xact_id(),
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (xact_id, id, day),
    UNIQUE (aggregate_id, aggregate_version, day)
) PARTITION BY RANGE (day);
CREATE TABLE outbox_other PARTITION OF outbox DEFAULT;

-- Customers -----------------------------------------------------------------------------------------------------------

CREATE TABLE customers (
    id              uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL REFERENCES organizations,
    name            text        NOT NULL CHECK (name <> ''),
    name_folded     text        NOT NULL,
    email           text,
    email_folded    text,
    address         jsonb,
    tax_id          text,
    currency        text        CHECK (currency ~ '^[A-Z]{3}$'),
    external_id     text        CHECK (external_id <> ''),
    metadata        jsonb       NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    archived_at     timestamptz,
    version         bigint      NOT NULL CHECK (version >= 1)
);
CREATE UNIQUE INDEX customers_external_id ON customers (organization_id, external_id)
    WHERE external_id IS NOT NULL AND archived_at IS NULL;
CREATE INDEX customers_newest_first ON customers (organization_id, created_at DESC, id DESC) WHERE archived_at IS NULL;
CREATE INDEX customers_email ON customers (organization_id, email_folded, created_at DESC, id DESC)
    WHERE archived_at IS NULL;
CREATE INDEX customers_name ON customers USING gin (organization_id, name_folded gin_trgm_ops)
    WHERE archived_at IS NULL;

-- Invoices ------------------------------------------------------------------------------------------------------------

-- No foreign keys to organizations and customers: neither is ever deleted, and the shared lock that such a key takes on
-- the one row of the organization makes all writers of invoices meet there.
CREATE TABLE invoices (
    id                   uuid        PRIMARY KEY,
    organization_id      uuid        NOT NULL,
    number               text        CHECK (number ~ '^[A-Za-z0-9_/.-]{1,50}$'),
    status               text        NOT NULL,
    customer_id          uuid,
    customer             jsonb       NOT NULL,
    customer_name_folded text        NOT NULL,
    seller               jsonb,
    currency             text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    items                jsonb       NOT NULL CHECK (jsonb_array_length(items) BETWEEN 1 AND 1000),
    subtotal_minor       bigint      NOT NULL,
    discount_minor       bigint      NOT NULL,
    tax_minor            bigint      NOT NULL,
    total_minor          bigint      NOT NULL,
    amount_paid_minor    bigint      NOT NULL,
    tax_breakdown        jsonb       NOT NULL,
    rounding             text        NOT NULL CHECK (rounding IN ('half_away_from_zero', 'half_even')),
    due_date             date        NOT NULL,
    notes                text,
    metadata             jsonb       NOT NULL,
    issued_at            timestamptz,
    paid_at              timestamptz,
    cancelled_at         timestamptz,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    version              bigint      NOT NULL CHECK (version >= 1),

    CONSTRAINT invoices_status CHECK (status IN ('draft', 'sent', 'viewed', 'overdue', 'paid', 'cancelled')),
    CONSTRAINT invoices_add_up CHECK (total_minor = subtotal_minor - discount_minor + tax_minor),
    CONSTRAINT invoices_amounts CHECK (
        subtotal_minor BETWEEN 0 AND 9007199254740991 AND discount_minor BETWEEN 0 AND subtotal_minor
        AND tax_minor >= 0 AND total_minor <= 9007199254740991 AND amount_paid_minor BETWEEN 0 AND total_minor),
    -- Lists by due date stop where they rely on it. The day more is for clocks that do not agree.
    CONSTRAINT invoices_due CHECK (due_date >= (created_at AT TIME ZONE 'UTC')::date - 1),
    CONSTRAINT invoices_issue CHECK (
        CASE WHEN status = 'draft' THEN issued_at IS NULL
             WHEN status = 'cancelled' THEN (issued_at IS NULL) = (seller IS NULL)
             ELSE number IS NOT NULL AND issued_at IS NOT NULL AND seller IS NOT NULL END),
    CONSTRAINT invoices_paid CHECK (
        (status = 'paid') = (paid_at IS NOT NULL) AND (status <> 'paid' OR amount_paid_minor = total_minor)),
    CONSTRAINT invoices_cancelled CHECK (
        (status = 'cancelled') = (cancelled_at IS NOT NULL) AND (status <> 'cancelled' OR amount_paid_minor = 0))
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX invoices_number ON invoices (organization_id, number) WHERE number IS NOT NULL;
-- It carries what lists are filtered by along with their order, so that rows that do not match need not be visited.
CREATE INDEX invoices_newest_first ON invoices (organization_id, created_at DESC, id DESC)
    INCLUDE (due_date, total_minor, status, customer_name_folded);
CREATE INDEX invoices_status ON invoices (organization_id, status, created_at DESC, id DESC) INCLUDE (due_date);
CREATE INDEX invoices_customer ON invoices (organization_id, customer_id, created_at DESC, id DESC)
    WHERE customer_id IS NOT NULL;
CREATE INDEX invoices_currency ON invoices (organization_id, currency, created_at DESC, id DESC);
CREATE INDEX invoices_due_date ON invoices (organization_id, due_date, created_at DESC, id DESC);
CREATE INDEX invoices_total ON invoices (organization_id, total_minor, created_at DESC, id DESC);
CREATE INDEX invoices_client ON invoices (organization_id, customer_name_folded, created_at DESC, id DESC);
-- Those that are late are few, whosever they are.
CREATE INDEX invoices_unswept ON invoices (due_date, id) INCLUDE (organization_id, status, created_at)
    WHERE status IN ('sent', 'viewed');

-- Names that stand on invoices, each once, with the words that a part of it is found by. Each invoice's name is here; a
-- name whose last invoice is gone may stay.
CREATE TABLE invoice_clients (
    organization_id uuid     NOT NULL,
    name_folded     text     NOT NULL,
    grams           tsvector NOT NULL,
    PRIMARY KEY (organization_id, name_folded)
);
CREATE INDEX invoice_clients_grams ON invoice_clients USING gin (grams);

CREATE TABLE invoice_timeline (
    invoice_id  uuid        NOT NULL,
    version     bigint      NOT NULL,
    event_id    uuid        NOT NULL,
    type        text        NOT NULL,
    actor_kind  text        NOT NULL,
    actor       text,
    occurred_at timestamptz NOT NULL,
    changes     jsonb       NOT NULL,
    PRIMARY KEY (invoice_id, version)
);

CREATE TABLE invoice_number_series (
    organization_id uuid   NOT NULL,
    series          text   NOT NULL,
    last_position   bigint NOT NULL CHECK (last_position >= 0),
    PRIMARY KEY (organization_id, series)
);

CREATE TABLE invoice_numbers (
    organization_id uuid   NOT NULL,
    series          text   NOT NULL,
    position        bigint NOT NULL CHECK (position >= 1),
    number          text   NOT NULL,
    invoice_id      uuid   NOT NULL,
    fate            text   NOT NULL CHECK (fate IN ('issued', 'cancelled', 'chosen_by_client')),
    PRIMARY KEY (organization_id, series, position),
    FOREIGN KEY (organization_id, series) REFERENCES invoice_number_series
);
CREATE INDEX invoice_numbers_invoice ON invoice_numbers (organization_id, invoice_id);

-- What all invoices come to, by currency, status and due date. A write appends what it changes, so that no two writers
-- meet on a row; the scheduler folds what was appended into the sums. The read model is both together, exact at any time.
CREATE TABLE invoice_summary (
    organization_id uuid    NOT NULL,
    currency        text    NOT NULL,
    status          text    NOT NULL,
    due_date        date    NOT NULL,
    count           bigint  NOT NULL,
    total_minor     numeric NOT NULL,
    due_minor       numeric NOT NULL,
    PRIMARY KEY (organization_id, currency, status, due_date)
);

CREATE TABLE invoice_summary_changes (
    organization_id uuid   NOT NULL,
    currency        text   NOT NULL,
    status          text   NOT NULL,
    due_date        date   NOT NULL,
    count           bigint NOT NULL,
    total_minor     bigint NOT NULL,
    due_minor       bigint NOT NULL
);
