-- The simulator's own record: what the world outside would know of it. Nothing of the service refers to it.

CREATE TABLE simulator_orders (
    -- The idempotency key of the order: the id of the payment or refund.
    key             uuid        PRIMARY KEY,
    work            text        NOT NULL CHECK (work IN ('charge', 'payout', 'refund', 'recall')),
    -- Of which charge or payout it gives money back.
    of_reference    text        CHECK ((of_reference IS NOT NULL) = (work IN ('refund', 'recall'))),
    amount_minor    bigint      NOT NULL CHECK (amount_minor BETWEEN 1 AND 9007199254740991),
    currency        char(3)     NOT NULL,
    -- How often it arrived, and how often somebody asked for it.
    calls           integer     NOT NULL CHECK (calls >= 1),
    look_ups        integer     NOT NULL DEFAULT 0 CHECK (look_ups >= 0),
    -- At which call the money moved, and when.
    moved_on_call   integer     CHECK (moved_on_call BETWEEN 1 AND calls),
    moved_at        timestamptz,
    first_called_at timestamptz NOT NULL,
    last_called_at  timestamptz NOT NULL,
    CHECK ((moved_on_call IS NULL) = (moved_at IS NULL))
);
