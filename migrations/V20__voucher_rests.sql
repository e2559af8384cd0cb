-- A client's own notes on a voucher, and on those that a job issues.
ALTER TABLE vouchers ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}';
ALTER TABLE jobs ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}';
ALTER TABLE voucher_search ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}';

-- When whoever rebuilds the projections last went on with it: after a long silence it has died.
ALTER TABLE voucher_projection ADD COLUMN advanced_at timestamptz;

-- A block is a resource like any other: with notes of its client's, and listed, newest first.
ALTER TABLE voucher_blocklist ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}';
CREATE INDEX voucher_blocklist_id ON voucher_blocklist (organization_id, id);
