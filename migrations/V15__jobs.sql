-- Work that goes on behind the back of whoever has asked for it: vouchers that are issued in great number, a piece per
-- transaction. Whoever is at a piece has the row locked, and `done` changes with the vouchers that it counts.

CREATE TABLE jobs (
    organization_id uuid        NOT NULL,
    id              uuid        NOT NULL,
    campaign_id     uuid        NOT NULL,
    total           integer     NOT NULL CHECK (total BETWEEN 1 AND 100000),
    done            integer     NOT NULL CHECK (done BETWEEN 0 AND total),
    max_redemptions bigint      CHECK (max_redemptions >= 1),
    status          text        NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
    failure         text        CHECK (failure IN ('campaign_ended')),
    finished_at     timestamptz,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL CHECK (version >= 1),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT jobs_finished CHECK ((finished_at IS NOT NULL) = (status IN ('done', 'failed'))),
    CONSTRAINT jobs_failure CHECK ((failure IS NOT NULL) = (status = 'failed')),
    CONSTRAINT jobs_progress CHECK (CASE status WHEN 'queued' THEN done = 0 WHEN 'done' THEN done = total ELSE true END)
);
-- The one that has waited longest comes next, so that a large job does not keep a small one waiting.
CREATE INDEX jobs_unfinished ON jobs (updated_at, id) WHERE finished_at IS NULL;
