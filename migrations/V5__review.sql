-- The review of invoices.

-- What the validation service thinks of an invoice: empty as long as nobody has judged or edited it, so that making one
-- costs nothing more. Its rule is a part of one that is there already, since each of them costs time in every statement.
ALTER TABLE invoices ADD COLUMN review jsonb;
ALTER TABLE invoices DROP CONSTRAINT invoices_status;
ALTER TABLE invoices ADD CONSTRAINT invoices_status CHECK (
    status IN ('draft', 'sent', 'viewed', 'overdue', 'paid', 'cancelled')
    AND (review IS NULL OR review ->> 'status' IN ('pending', 'approved', 'rejected')));

-- What reviewed invoices look like, to tell duplicates. Written by the review, not by whoever makes invoices; rows are
-- removed by age.
CREATE TABLE invoice_likenesses (
    invoice_id      uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    likeness        bytea       NOT NULL CHECK (length(likeness) = 32),
    created_at      timestamptz NOT NULL
);
CREATE INDEX invoice_likenesses_alike ON invoice_likenesses (organization_id, likeness, created_at);
CREATE INDEX invoice_likenesses_age ON invoice_likenesses USING brin (created_at) WITH (autosummarize = on);
