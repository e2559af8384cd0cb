-- What workers need to find what is due, and what they have given up.

-- A provider that is left alone may have much that is due: nobody looks past it to find what others have.
CREATE INDEX payments_due_at_provider ON payments (provider, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX payments_in_doubt ON payments (unknown_since) WHERE unknown_since IS NOT NULL;
CREATE INDEX refunds_in_doubt ON refunds (unknown_since) WHERE unknown_since IS NOT NULL;

-- Payments and refunds that failed after the last attempt, each with what had happened to it.
CREATE TABLE payment_dead_letters (
    id              uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    payment_id      uuid        NOT NULL,
    refund_id       uuid,
    provider        text        NOT NULL,
    direction       text        NOT NULL CHECK (direction IN ('payout', 'charge')),
    amount_minor    bigint      NOT NULL CHECK (amount_minor > 0),
    currency        text        NOT NULL,
    attempts        integer     NOT NULL CHECK (attempts >= 0),
    answer_code     text,
    accepted_at     timestamptz NOT NULL,
    dead_at         timestamptz NOT NULL,
    story           json        NOT NULL
);
CREATE UNIQUE INDEX payment_dead_letters_subject ON payment_dead_letters (coalesce(refund_id, payment_id));
CREATE INDEX payment_dead_letters_newest ON payment_dead_letters (organization_id, dead_at DESC, id DESC);
