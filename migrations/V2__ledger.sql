-- The ledger. Rules live in the domain; the constraints here refuse a second time what it never lets through.
-- Every index is written by every transfer, so each has to pay for itself: what can be found by a sequence is.

-- What is known of accounts, but for how they stand.
CREATE TABLE accounts (
    id              uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    -- What it is for, if it is a system account; whose it is, in the client's own system, if not.
    system          text        CHECK (system ~ '^[a-z_]+(:[a-z0-9_]{1,30})?$'),
    owner           text        CHECK (owner <> ''),
    name            text        NOT NULL CHECK (name <> ''),
    currency        text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    metadata        jsonb       NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL CHECK (version >= 1),
    CONSTRAINT accounts_have_an_owner_or_a_purpose CHECK ((system IS NULL) <> (owner IS NULL))
);
CREATE UNIQUE INDEX accounts_system ON accounts (organization_id, system, currency) WHERE system IS NOT NULL;
CREATE INDEX accounts_newest_first ON accounts (organization_id, created_at DESC, id DESC) WHERE system IS NULL;
CREATE INDEX accounts_currency ON accounts (organization_id, currency, created_at DESC, id DESC) WHERE system IS NULL;
CREATE INDEX accounts_owner ON accounts (organization_id, owner, created_at DESC, id DESC) WHERE owner IS NOT NULL;

-- How accounts stand: one page for an account of a client's (shard 0), sixteen for a system account (shards 1 to 16), so
-- that what touches those does not queue for one row. What changes is in no index, and pages have room: updates are HOT.
-- A page of a system account may be lower than any limit; what is held can always be paid.
CREATE TABLE account_standings (
    account_id            uuid        NOT NULL,
    shard                 smallint    NOT NULL CHECK (shard BETWEEN 0 AND 16),
    organization_id       uuid        NOT NULL,
    currency              text        NOT NULL,
    status                text        NOT NULL CHECK (status IN ('active', 'frozen', 'closed')),
    overdraft_limit_minor bigint      CHECK (overdraft_limit_minor BETWEEN 0 AND 9007199254740991),
    balance_minor         bigint      NOT NULL,
    held_minor            bigint      NOT NULL CHECK (held_minor >= 0),
    last_sequence         bigint      NOT NULL CHECK (last_sequence >= 0),
    last_entry_at         timestamptz NOT NULL,
    version               bigint      NOT NULL CHECK (version >= 1),
    PRIMARY KEY (account_id, shard),
    CONSTRAINT account_standings_limit CHECK ((overdraft_limit_minor IS NULL) = (shard > 0)),
    CONSTRAINT account_standings_range CHECK (
        abs(balance_minor) <= CASE WHEN shard = 0 THEN 9007199254740991 ELSE 144115188075855872 END),
    CONSTRAINT account_standings_floor CHECK (
        overdraft_limit_minor IS NULL OR balance_minor + overdraft_limit_minor - held_minor >= 0),
    CONSTRAINT account_standings_closed CHECK (status <> 'closed' OR (balance_minor = 0 AND held_minor = 0))
) WITH (fillfactor = 60);
-- Statuses change rarely, so updates stay HOT.
CREATE INDEX account_standings_inactive ON account_standings (organization_id, status, account_id)
    WHERE status <> 'active';

-- Ids are in time order, so the primary key lists an organization's transfers as well. No foreign keys: accounts are never
-- deleted, and the statement that writes a transfer has just changed both of them.
CREATE TABLE transfers (
    organization_id        uuid        NOT NULL,
    id                     uuid        NOT NULL,
    kind                   text        NOT NULL,
    source_account_id      uuid        NOT NULL,
    source_shard           smallint    NOT NULL,
    source_sequence        bigint      NOT NULL,
    destination_account_id uuid        NOT NULL,
    destination_shard      smallint    NOT NULL,
    destination_sequence   bigint      NOT NULL,
    amount_minor           bigint      NOT NULL CHECK (amount_minor BETWEEN 1 AND 9007199254740991),
    currency               text        NOT NULL,
    description            text,
    reference              text,
    metadata               jsonb,
    reverses               uuid,
    created_at             timestamptz NOT NULL,
    xact_id                xid8        NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT transfers_move CHECK (source_account_id <> destination_account_id),
    CONSTRAINT transfers_kind CHECK (kind IN (
        'transfer', 'deposit', 'withdrawal', 'opening_balance', 'reversal', 'hold_capture',
        'invoice_issued', 'invoice_paid', 'invoice_cancelled')),
    CONSTRAINT transfers_reversal CHECK ((kind = 'reversal') = (reverses IS NOT NULL))
);
CREATE UNIQUE INDEX transfers_reverses ON transfers (organization_id, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX transfers_reference ON transfers (organization_id, reference, id) WHERE reference IS NOT NULL;
-- Kinds that hardly any transfer is of, so that those few are found.
CREATE INDEX transfers_rare_kinds ON transfers (organization_id, kind, id)
    WHERE kind NOT IN ('transfer', 'deposit', 'withdrawal');
-- Where the chain goes on. Not BRIN: it has no class for xid8, and what is new would not be summarized when it is read. Always
-- written at its right end, where equal keys share one: 8 bytes and less than half a microsecond for each transfer.
CREATE INDEX transfers_xact ON transfers (xact_id);

-- Sequences have no gap and instants do not go back within a page, so an instant is found by halving the sequence.
CREATE TABLE entries (
    account_id          uuid        NOT NULL,
    shard               smallint    NOT NULL,
    sequence            bigint      NOT NULL CHECK (sequence >= 1),
    transfer_id         uuid        NOT NULL,
    amount_minor        bigint      NOT NULL CHECK (amount_minor <> 0),
    balance_after_minor bigint      NOT NULL,
    created_at          timestamptz NOT NULL,
    PRIMARY KEY (account_id, shard, sequence)
);

CREATE TABLE holds (
    id                     uuid        PRIMARY KEY,
    organization_id        uuid        NOT NULL,
    account_id             uuid        NOT NULL,
    destination_account_id uuid        NOT NULL,
    amount_minor           bigint      NOT NULL CHECK (amount_minor BETWEEN 1 AND 9007199254740991),
    currency               text        NOT NULL,
    description            text,
    reference              text,
    metadata               jsonb       NOT NULL,
    status                 text        NOT NULL CHECK (status IN ('pending', 'captured', 'voided', 'expired')),
    captured_minor         bigint      CHECK (captured_minor BETWEEN 1 AND amount_minor),
    transfer_id            uuid,
    resolved_at            timestamptz,
    expires_at             timestamptz NOT NULL,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    version                bigint      NOT NULL CHECK (version >= 1),
    CONSTRAINT holds_resolved CHECK ((status = 'pending') = (resolved_at IS NULL)),
    CONSTRAINT holds_captured CHECK (
        (status = 'captured') = (captured_minor IS NOT NULL)
        AND (captured_minor IS NULL) = (transfer_id IS NULL))
);
CREATE INDEX holds_newest_first ON holds (organization_id, created_at DESC, id DESC);
CREATE INDEX holds_account ON holds (account_id, created_at DESC, id DESC);
CREATE INDEX holds_status ON holds (organization_id, status, created_at DESC, id DESC);
CREATE INDEX holds_expiring ON holds (expires_at, id) WHERE status = 'pending';

-- The chain of an organization's transfers, in the order of their commits, in blocks: `hashes` holds 32 bytes for each of
-- `transfer_ids`, the SHA-256 of the hash before it and of the transfer in its canonical form.
CREATE TABLE transfer_chain (
    organization_id uuid   NOT NULL,
    block           bigint NOT NULL CHECK (block >= 1),
    transfer_ids    uuid[] NOT NULL,
    hashes          bytea  NOT NULL CHECK (length(hashes) = 32 * cardinality(transfer_ids)),
    PRIMARY KEY (organization_id, block)
);

-- How far the chains reach: every transfer of a transaction before this one is in them.
CREATE TABLE transfer_chain_progress (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    xact_id  xid8    NOT NULL
);
INSERT INTO transfer_chain_progress (xact_id) VALUES ('0');

-- History is written once.
CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER transfers_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
CREATE TRIGGER entries_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
CREATE TRIGGER transfer_chain_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();

-- Ends the statement, and with it the transaction, unless as many pages were at the version that was decided on.
CREATE FUNCTION refuse_stale_standings(unchanged bigint, decided_on bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF unchanged <> decided_on THEN
        RAISE EXCEPTION 'decided on % pages, of which % have not changed since', decided_on, unchanged USING ERRCODE = 'TS409';
    END IF;
    RETURN true;
END $$;

-- The sequence of the last entry of a page that was made at or before an instant; 0 if there is none.
CREATE FUNCTION last_sequence_at(page_account uuid, page_shard smallint, instant timestamptz) RETURNS bigint
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    low    bigint := 0;
    high   bigint;
    middle bigint;
BEGIN
    SELECT last_sequence INTO high FROM account_standings WHERE account_id = page_account AND shard = page_shard;
    high := coalesce(high, 0);
    WHILE low < high LOOP
        middle := (low + high + 1) / 2;
        IF (SELECT created_at <= instant FROM entries
             WHERE account_id = page_account AND shard = page_shard AND sequence = middle) THEN
            low := middle;
        ELSE
            high := middle - 1;
        END IF;
    END LOOP;
    RETURN low;
END $$;
