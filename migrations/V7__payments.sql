-- Payments and refunds. Rules live in the domain; the constraints here refuse a second time what it never lets through.

-- What a payment reserves lasts as long as the payment is under way. Constraints that every old row keeps are not checked
-- again, so that nobody waits for a look at a large table.
ALTER TABLE holds
    ADD COLUMN payment_id uuid,
    ALTER COLUMN expires_at DROP NOT NULL,
    ADD CONSTRAINT holds_term CHECK ((expires_at IS NULL) = (payment_id IS NOT NULL)) NOT VALID;

ALTER TABLE transfers
    DROP CONSTRAINT transfers_kind,
    ADD CONSTRAINT transfers_kind CHECK (kind IN (
        'transfer', 'deposit', 'withdrawal', 'opening_balance', 'reversal', 'hold_capture',
        'invoice_issued', 'invoice_paid', 'invoice_cancelled', 'invoice_refunded',
        'payment', 'refund', 'provider_payment', 'provider_refund')) NOT VALID;

-- Ids are in time order, so the primary key lists an organization's payments as well. No foreign keys: accounts and issued
-- invoices are never deleted, and a payment is accepted while its invoice is locked. What changes stands in partial indexes
-- that hold only what is under way or went wrong: a payment between two accounts is in none of them.
CREATE TABLE payments (
    organization_id        uuid        NOT NULL,
    id                     uuid        NOT NULL,
    payment_type           text        NOT NULL CHECK (payment_type IN ('internal_transfer', 'external_payment')),
    status                 text        NOT NULL,
    direction              text        CHECK (direction IN ('payout', 'charge')),
    provider               text        CHECK (provider ~ '^[a-z0-9_]{1,30}$'),
    source_account_id      uuid,
    destination_account_id uuid,
    amount_minor           bigint      NOT NULL CHECK (amount_minor BETWEEN 1 AND 9007199254740991),
    currency               text        NOT NULL,
    invoice_id             uuid,
    description            text,
    metadata               jsonb,
    provider_data          jsonb,
    hold_id                uuid,
    attempts               integer     NOT NULL CHECK (attempts >= 0),
    -- When somebody has to look at it next: a worker that tries it, asks about it, or takes it over.
    due_at                 timestamptz,
    unknown_since          timestamptz,
    checks                 integer     NOT NULL CHECK (checks >= 0),
    answer_code            text,
    provider_reference     text,
    ended_at               timestamptz,
    refunded_minor         bigint      NOT NULL CHECK (refunded_minor >= 0),
    refunding_minor        bigint      NOT NULL CHECK (refunding_minor >= 0),
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    version                bigint      NOT NULL CHECK (version >= 1),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT payments_status CHECK (status IN (
        'pending', 'processing', 'unknown', 'completed', 'partially_refunded', 'refunded', 'failed', 'cancelled')),
    CONSTRAINT payments_sides CHECK (
        CASE WHEN payment_type = 'internal_transfer' THEN
                  source_account_id IS NOT NULL AND destination_account_id IS NOT NULL
                  AND source_account_id <> destination_account_id AND provider IS NULL AND direction IS NULL
             ELSE provider IS NOT NULL AND direction IS NOT NULL
                  AND (source_account_id IS NOT NULL) = (direction = 'payout')
                  AND (destination_account_id IS NOT NULL) = (direction = 'charge') END),
    CONSTRAINT payments_due CHECK ((due_at IS NOT NULL) = (status IN ('pending', 'processing', 'unknown'))),
    CONSTRAINT payments_ended CHECK ((ended_at IS NULL) = (status IN ('pending', 'processing', 'unknown'))),
    CONSTRAINT payments_unknown CHECK ((unknown_since IS NOT NULL) = (status = 'unknown')),
    CONSTRAINT payments_refunds CHECK (refunded_minor + refunding_minor <= amount_minor),
    CONSTRAINT payments_refunded CHECK (
        CASE status WHEN 'refunded' THEN refunded_minor = amount_minor
                    WHEN 'partially_refunded' THEN refunded_minor BETWEEN 1 AND amount_minor - 1
                    WHEN 'completed' THEN refunded_minor = 0
                    ELSE refunded_minor + refunding_minor = 0 END)
) WITH (fillfactor = 85);
CREATE INDEX payments_source ON payments (source_account_id, id) WHERE source_account_id IS NOT NULL;
CREATE INDEX payments_destination ON payments (destination_account_id, id) WHERE destination_account_id IS NOT NULL;
CREATE INDEX payments_rare_statuses ON payments (organization_id, status, id) WHERE status <> 'completed';
CREATE INDEX payments_provider ON payments (organization_id, provider, id) WHERE provider IS NOT NULL;
CREATE INDEX payments_invoice ON payments (invoice_id, id) WHERE invoice_id IS NOT NULL;
CREATE INDEX payments_due ON payments (due_at, id) WHERE due_at IS NOT NULL;

-- What happened to payments: one row for each version.
CREATE TABLE payment_events (
    payment_id  uuid        NOT NULL,
    version     bigint      NOT NULL,
    event_id    uuid        NOT NULL,
    type        text        NOT NULL,
    status      text        NOT NULL,
    attempt     integer     NOT NULL,
    answer_code text,
    actor_kind  text        NOT NULL,
    actor       text,
    occurred_at timestamptz NOT NULL,
    changes     json        NOT NULL,
    PRIMARY KEY (payment_id, version)
);
CREATE TRIGGER payment_events_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

CREATE TABLE refunds (
    organization_id    uuid        NOT NULL,
    id                 uuid        NOT NULL,
    payment_id         uuid        NOT NULL,
    status             text        NOT NULL,
    amount_minor       bigint      NOT NULL CHECK (amount_minor BETWEEN 1 AND 9007199254740991),
    currency           text        NOT NULL,
    reason             text,
    metadata           jsonb       NOT NULL,
    hold_id            uuid,
    attempts           integer     NOT NULL CHECK (attempts >= 0),
    due_at             timestamptz,
    unknown_since      timestamptz,
    checks             integer     NOT NULL CHECK (checks >= 0),
    answer_code        text,
    provider_reference text,
    ended_at           timestamptz,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            bigint      NOT NULL CHECK (version >= 1),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, payment_id) REFERENCES payments,
    CONSTRAINT refunds_status CHECK (status IN ('pending', 'processing', 'unknown', 'completed', 'failed')),
    CONSTRAINT refunds_due CHECK ((due_at IS NOT NULL) = (status IN ('pending', 'processing', 'unknown'))),
    CONSTRAINT refunds_ended CHECK ((ended_at IS NULL) = (status IN ('pending', 'processing', 'unknown'))),
    CONSTRAINT refunds_unknown CHECK ((unknown_since IS NOT NULL) = (status = 'unknown'))
);
CREATE INDEX refunds_payment ON refunds (payment_id, id);
CREATE INDEX refunds_due ON refunds (due_at, id) WHERE due_at IS NOT NULL;

-- All refunds of a payment that may still happen, or have, never come to more than the payment. The row of the payment is
-- locked first, so that two of them cannot overlook each other.
CREATE FUNCTION refuse_refunds_beyond_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid     bigint;
    refunded numeric;
BEGIN
    SELECT amount_minor INTO paid FROM payments
     WHERE organization_id = NEW.organization_id AND id = NEW.payment_id FOR UPDATE;
    SELECT sum(amount_minor) INTO refunded FROM refunds WHERE payment_id = NEW.payment_id AND status <> 'failed';
    IF refunded > paid THEN
        RAISE EXCEPTION 'refunds of payment % come to %, it came to %', NEW.payment_id, refunded, paid
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refunds_are_within_their_payment AFTER INSERT OR UPDATE OF status, amount_minor, payment_id ON refunds
    FOR EACH ROW WHEN (NEW.status <> 'failed') EXECUTE FUNCTION refuse_refunds_beyond_payment();

-- What was paid on which invoice, and by what: a payment, or nothing that the service knows of.
CREATE TABLE invoice_payments (
    id              uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    invoice_id      uuid        NOT NULL,
    payment_id      uuid,
    amount_minor    bigint      NOT NULL CHECK (amount_minor > 0),
    refunded_minor  bigint      NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND amount_minor),
    paid_at         timestamptz NOT NULL
);
CREATE UNIQUE INDEX invoice_payments_payment ON invoice_payments (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX invoice_payments_invoice ON invoice_payments (invoice_id, paid_at DESC, id DESC);

-- What was paid before there were payments was paid outside.
INSERT INTO invoice_payments (id, organization_id, invoice_id, amount_minor, paid_at)
SELECT gen_random_uuid(), organization_id, id, amount_paid_minor, coalesce(paid_at, updated_at)
  FROM invoices WHERE amount_paid_minor > 0;
