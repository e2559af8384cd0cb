-- Users and their wallets. A wallet is an account of the ledger, made and closed together with its user.
CREATE TABLE users (
    id              uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL,
    username        text        NOT NULL CHECK (username ~ '^[A-Za-z0-9]{3,50}$'),
    username_folded text        NOT NULL CHECK (username_folded = lower(username COLLATE "C")),
    name            text        NOT NULL CHECK (name <> ''),
    -- A national id is stored sealed: a keyed hash to tell people apart by, and the id itself, encrypted.
    dni_hmac        bytea       NOT NULL CHECK (length(dni_hmac) = 32),
    dni_sealed      bytea       NOT NULL CHECK (length(dni_sealed) > 0),
    account_id      uuid        NOT NULL UNIQUE,
    currency        text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    closed_at       timestamptz,
    version         bigint      NOT NULL CHECK (version >= 1)
);
-- People are paid by name, so nobody ever gets the name of somebody who has gone.
CREATE UNIQUE INDEX users_username ON users (organization_id, username_folded);
-- Whoever has gone may come back, under another name.
CREATE UNIQUE INDEX users_dni ON users (organization_id, dni_hmac) WHERE closed_at IS NULL;
