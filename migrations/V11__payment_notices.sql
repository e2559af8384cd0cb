-- What workers need to find what is due of refunds, and not to overlook what providers tell meanwhile.

ALTER TABLE payments ADD COLUMN noticed_at timestamptz;
-- The provider is that of the payment: what is due is found by it.
ALTER TABLE refunds ADD COLUMN noticed_at timestamptz, ADD COLUMN provider text;
UPDATE refunds AS r SET provider = p.provider
  FROM payments AS p WHERE p.organization_id = r.organization_id AND p.id = r.payment_id;
CREATE INDEX refunds_due_at_provider ON refunds (provider, due_at) WHERE due_at IS NOT NULL;

-- What may yet come to an account, which therefore cannot be closed.
CREATE INDEX payments_coming ON payments (destination_account_id)
    WHERE due_at IS NOT NULL AND destination_account_id IS NOT NULL;
CREATE INDEX payments_coming_back ON payments (source_account_id) WHERE refunding_minor > 0;
