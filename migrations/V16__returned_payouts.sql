-- Payouts that may have come back after they were completed: a notice of their provider says so, and the provider is asked.
CREATE TABLE suspected_returns (
    payment_id      uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    provider        text        NOT NULL,
    noticed_at      timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    checks          integer     NOT NULL DEFAULT 0 CHECK (checks >= 0),
    denials         integer     NOT NULL DEFAULT 0 CHECK (denials >= 0)
);
CREATE INDEX suspected_returns_due ON suspected_returns (provider, due_at);

-- A notice names a payout by its key or by what the provider calls it, and not its organization.
CREATE INDEX payments_paid_out ON payments (id) WHERE direction = 'payout';
CREATE INDEX payments_paid_out_as ON payments (provider_reference)
    WHERE direction = 'payout' AND provider_reference IS NOT NULL;
