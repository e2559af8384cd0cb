-- What queries read of vouchers. A consumer builds it from events, in the order in which each aggregate's come and in no
-- order between aggregates: what is counted of a campaign or voucher may be there before it is, in a row of version 0.
-- Changes are added to rows that may not be there yet, so that nothing here can be checked to be above 0.

-- Whoever is put on the blocklist and taken off it again is told of as well.
ALTER TABLE voucher_blocklist ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();

-- Queries read the rows of the generation that is live. While the projections are rebuilt, another one is made beside it.
-- Whoever writes holds this row, so that what was there before is known.
CREATE TABLE voucher_projection (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    live     integer NOT NULL,
    building integer,
    made     integer NOT NULL
) WITH (fillfactor = 10);
INSERT INTO voucher_projection (live, made) VALUES (1, 1);

CREATE TABLE voucher_stats (
    generation                   integer NOT NULL,
    organization_id              uuid    NOT NULL,
    id                           uuid    NOT NULL,
    name                         text,
    kind                         text,
    status                       text,
    percent_bps                  integer,
    amount_minor                 bigint,
    currency                     text,
    max_discount_minor           bigint,
    min_total_minor              bigint,
    valid_from                   timestamptz,
    valid_until                  timestamptz,
    max_redemptions              bigint,
    max_redemptions_per_code     bigint,
    max_redemptions_per_customer bigint,
    budget_minor                 bigint,
    metadata                     jsonb,
    created_at                   timestamptz,
    updated_at                   timestamptz,
    version                      bigint  NOT NULL DEFAULT 0,
    issued                       bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (generation, organization_id, id)
);
CREATE INDEX voucher_stats_active ON voucher_stats (generation, organization_id, id) WHERE status = 'active';

-- What a campaign has given, by currency: one without amounts goes with every currency.
CREATE TABLE voucher_values (
    generation      integer NOT NULL,
    organization_id uuid    NOT NULL,
    campaign_id     uuid    NOT NULL,
    currency        text    NOT NULL,
    redeemed        bigint  NOT NULL,
    released        bigint  NOT NULL,
    value_minor     bigint  NOT NULL,
    PRIMARY KEY (generation, organization_id, campaign_id, currency)
) WITH (fillfactor = 50);

CREATE TABLE voucher_search (
    generation      integer NOT NULL,
    organization_id uuid    NOT NULL,
    id              uuid    NOT NULL,
    campaign_id     uuid    NOT NULL,
    code            text    NOT NULL,
    status          text,
    max_redemptions bigint,
    created_at      timestamptz,
    updated_at      timestamptz,
    version         bigint  NOT NULL DEFAULT 0,
    redeemed        bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (generation, organization_id, id)
);
CREATE INDEX voucher_search_campaign ON voucher_search (generation, campaign_id, id);
CREATE INDEX voucher_search_disabled ON voucher_search (generation, organization_id, id) WHERE status = 'disabled';
-- Those that can still be redeemed: as often as the campaign says, or as they say themselves.
CREATE INDEX voucher_search_open ON voucher_search (generation, campaign_id, redeemed, id)
    WHERE status = 'enabled' AND max_redemptions IS NULL;
CREATE INDEX voucher_search_open_own ON voucher_search (generation, campaign_id, redeemed, id)
    WHERE status = 'enabled' AND redeemed < max_redemptions;

-- What was last heard of each redemption: what the next event changes is the difference.
CREATE TABLE voucher_uses (
    generation      integer NOT NULL,
    organization_id uuid    NOT NULL,
    id              uuid    NOT NULL,
    amount_minor    bigint  NOT NULL,
    currency        text    NOT NULL,
    is_released     boolean NOT NULL,
    version         bigint  NOT NULL,
    PRIMARY KEY (generation, organization_id, id)
);

-- What is there already; whatever comes meanwhile is told by events, of which old ones change nothing.
INSERT INTO voucher_stats
SELECT 1, c.*, (SELECT count(*) FROM vouchers AS v WHERE v.campaign_id = c.id)
  FROM (SELECT organization_id, id, name, kind, status, percent_bps, amount_minor, currency, max_discount_minor,
               min_total_minor, valid_from, valid_until, max_redemptions, max_redemptions_per_code,
               max_redemptions_per_customer, budget_minor, metadata, created_at, updated_at, version FROM campaigns) AS c;
INSERT INTO voucher_values
SELECT 1, organization_id, campaign_id, currency, count(*) FILTER (WHERE released_at IS NULL), count(released_at),
       coalesce(sum(amount_minor) FILTER (WHERE released_at IS NULL), 0)
  FROM voucher_redemptions GROUP BY organization_id, campaign_id, currency;
INSERT INTO voucher_search
SELECT 1, organization_id, id, campaign_id, code, status, max_redemptions, created_at, updated_at, version,
       (SELECT count(*) FROM voucher_redemptions AS r
         WHERE r.campaign_id = v.campaign_id AND r.voucher_id = v.id AND r.released_at IS NULL)
  FROM vouchers AS v;
INSERT INTO voucher_uses
SELECT 1, organization_id, id, amount_minor, currency, released_at IS NOT NULL, version FROM voucher_redemptions;
