-- What happened to refunds: one row for each version, as there is of payments.
CREATE TABLE refund_events (
    refund_id   uuid        NOT NULL,
    version     bigint      NOT NULL,
    event_id    uuid        NOT NULL,
    type        text        NOT NULL,
    status      text        NOT NULL,
    attempt     integer     NOT NULL,
    answer_code text,
    actor_kind  text        NOT NULL,
    actor       text,
    occurred_at timestamptz NOT NULL,
    changes     json        NOT NULL,
    PRIMARY KEY (refund_id, version)
);
CREATE TRIGGER refund_events_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON refund_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
