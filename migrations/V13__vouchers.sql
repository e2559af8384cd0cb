-- Vouchers. Rules live in the domain; the constraints here refuse a second time what it never lets through.

ALTER TABLE transfers
    DROP CONSTRAINT transfers_kind,
    ADD CONSTRAINT transfers_kind CHECK (kind IN (
        'transfer', 'deposit', 'withdrawal', 'opening_balance', 'reversal', 'hold_capture',
        'invoice_issued', 'invoice_paid', 'invoice_cancelled', 'invoice_refunded',
        'payment', 'refund', 'provider_payment', 'provider_refund', 'gift_redemption')) NOT VALID;

-- Ids are in time order, so the primary keys list newest first as well.
CREATE TABLE campaigns (
    organization_id              uuid        NOT NULL,
    id                           uuid        NOT NULL,
    name                         text        NOT NULL,
    kind                         text        NOT NULL CHECK (kind IN ('discount', 'gift')),
    status                       text        NOT NULL CHECK (status IN ('active', 'paused', 'ended')),
    percent_bps                  integer     CHECK (percent_bps BETWEEN 1 AND 10000),
    amount_minor                 bigint      CHECK (amount_minor BETWEEN 1 AND 9007199254740991),
    currency                     text        CHECK (currency ~ '^[A-Z]{3}$'),
    max_discount_minor           bigint      CHECK (max_discount_minor BETWEEN 1 AND 9007199254740991),
    min_total_minor              bigint      CHECK (min_total_minor BETWEEN 1 AND 9007199254740991),
    valid_from                   timestamptz,
    valid_until                  timestamptz,
    max_redemptions              bigint      CHECK (max_redemptions >= 1),
    max_redemptions_per_code     bigint      CHECK (max_redemptions_per_code >= 1),
    max_redemptions_per_customer bigint      CHECK (max_redemptions_per_customer >= 1),
    budget_minor                 bigint      CHECK (budget_minor BETWEEN 1 AND 9007199254740991),
    metadata                     jsonb       NOT NULL,
    created_at                   timestamptz NOT NULL,
    updated_at                   timestamptz NOT NULL,
    version                      bigint      NOT NULL CHECK (version >= 1),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT campaigns_benefit CHECK ((percent_bps IS NULL) <> (amount_minor IS NULL)),
    CONSTRAINT campaigns_gift CHECK (
        kind <> 'gift' OR (amount_minor IS NOT NULL AND max_redemptions_per_code IS NOT NULL)),
    CONSTRAINT campaigns_currency CHECK (
        currency IS NOT NULL OR num_nonnulls(amount_minor, max_discount_minor, min_total_minor, budget_minor) = 0),
    CONSTRAINT campaigns_window CHECK (valid_until > valid_from)
);
CREATE INDEX campaigns_status ON campaigns (organization_id, status, id);

-- A campaign is never deleted, and a foreign key would make all who issue vouchers of it meet at its row.
CREATE TABLE vouchers (
    organization_id uuid        NOT NULL,
    id              uuid        NOT NULL,
    campaign_id     uuid        NOT NULL,
    code            text        NOT NULL CHECK (code ~ '^[A-Z0-9-]{4,40}$'),
    status          text        NOT NULL CHECK (status IN ('enabled', 'disabled')),
    max_redemptions bigint      CHECK (max_redemptions >= 1),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL CHECK (version >= 1),
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX vouchers_code ON vouchers (organization_id, code);
CREATE INDEX vouchers_campaign ON vouchers (campaign_id, id);
CREATE INDEX vouchers_disabled ON vouchers (organization_id, id) WHERE status = 'disabled';

CREATE TABLE voucher_redemptions (
    organization_id uuid        NOT NULL,
    id              uuid        NOT NULL,
    voucher_id      uuid        NOT NULL,
    code            text        NOT NULL,
    campaign_id     uuid        NOT NULL,
    invoice_id      uuid,
    account_id      uuid,
    transfer_id     uuid,
    customer_id     uuid,
    email           text,
    -- What the customer is counted under.
    holder          text[]      NOT NULL,
    amount_minor    bigint      NOT NULL CHECK (amount_minor BETWEEN 1 AND 9007199254740991),
    currency        text        NOT NULL,
    redeemed_at     timestamptz NOT NULL,
    released_at     timestamptz,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL CHECK (version >= 1),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT voucher_redemptions_target CHECK (
        (invoice_id IS NULL) = (account_id IS NOT NULL) AND (account_id IS NULL) = (transfer_id IS NULL))
);
CREATE UNIQUE INDEX voucher_redemptions_applied ON voucher_redemptions (invoice_id, voucher_id)
    WHERE invoice_id IS NOT NULL AND released_at IS NULL;
CREATE INDEX voucher_redemptions_campaign ON voucher_redemptions (campaign_id, voucher_id) WHERE released_at IS NULL;

-- How much was redeemed, where a limit needs it: by a code (`code:<id>`), by a customer (`customer:<id>`, `email:<address>`),
-- and of the campaign (`total`), which is the row that most may meet at and that is touched last.
CREATE TABLE voucher_counters (
    campaign_id uuid   NOT NULL,
    scope       text   NOT NULL,
    uses        bigint NOT NULL CHECK (uses >= 0),
    value_minor bigint NOT NULL CHECK (value_minor >= 0),
    PRIMARY KEY (campaign_id, scope)
) WITH (fillfactor = 50);

CREATE TABLE voucher_blocklist (
    organization_id uuid        NOT NULL,
    name            text        NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (organization_id, name)
);
