-- Events: the order in which they are published, who has read how far, what could not be delivered.

-- The log. Ids and numbers of transactions become visible out of order, so positions are given behind the commits, by
-- whoever holds the row of event_sequencer. They follow the order of ids among what became visible since the last time,
-- and a transaction that depends on another one's commit has taken its ids later: versions of an aggregate ascend.
CREATE TABLE event_positions (
    position        bigint   NOT NULL,
    day             date     NOT NULL,
    xact_id         xid8     NOT NULL,
    id              bigint   NOT NULL,
    organization_id uuid     NOT NULL,
    aggregate_type  text     NOT NULL,
    aggregate_id    uuid     NOT NULL,
    shard           smallint NOT NULL,
    PRIMARY KEY (position, day)
) PARTITION BY RANGE (day);
CREATE INDEX event_positions_organization ON event_positions (organization_id, position);
CREATE INDEX event_positions_aggregate ON event_positions (aggregate_id, position);
CREATE TABLE event_positions_other PARTITION OF event_positions DEFAULT;

-- `seen` is what was visible when positions were last given. While a backlog is worked off in pieces, `target` is what
-- was visible when that began, and everything up to `passed_id` has its position.
CREATE TABLE event_sequencer (
    only_row  boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    position  bigint      NOT NULL,
    seen      pg_snapshot NOT NULL,
    target    pg_snapshot,
    passed_id bigint      NOT NULL
);
INSERT INTO event_sequencer (position, seen, passed_id) VALUES (0, '1:1:', 0);

-- How far each group of readers has come, by shard, and which member reads a shard now.
CREATE TABLE event_readers (
    reader     text        NOT NULL,
    shard      smallint    NOT NULL,
    position   bigint      NOT NULL,
    member     uuid,
    held_until timestamptz,
    PRIMARY KEY (reader, shard)
) WITH (fillfactor = 50);
CREATE TABLE event_reader_members (
    reader  text        NOT NULL,
    member  uuid        NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (reader, member)
);

-- What consumers have dealt with. Rows are removed by age, like answers under idempotency keys.
CREATE TABLE inbox (
    consumer   text        NOT NULL,
    event_id   uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_age ON inbox USING brin (created_at) WITH (autosummarize = on);

-- What could not be delivered, and what waits behind it. A dead letter has a dead_since.
CREATE TABLE held_events (
    consumer        text        NOT NULL,
    event_id        uuid        NOT NULL,
    aggregate_id    uuid        NOT NULL,
    sequence        bigint      NOT NULL,
    position        bigint      NOT NULL,
    shard           smallint    NOT NULL,
    event           json        NOT NULL,
    attempts        integer     NOT NULL,
    reason          text,
    next_attempt_at timestamptz NOT NULL,
    dead_since      timestamptz,
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX held_events_aggregate ON held_events (consumer, aggregate_id, sequence);

-- What found no day of its own is found by it here. The other partitions have one day each.
CREATE INDEX outbox_other_day ON outbox_other (day);
CREATE INDEX event_positions_other_day ON event_positions_other (day);

-- Makes the partitions of the days from `first` on, and tells how many were missing. A day whose events have already gone to
-- the partition of what found no other one stays there, with its positions.
CREATE FUNCTION make_event_partitions(first date, days integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    d    date;
    t    text;
    made integer := 0;
BEGIN
    FOR d IN SELECT first + n FROM generate_series(0, days - 1) AS n LOOP
        CONTINUE WHEN to_regclass('outbox_' || to_char(d, 'YYYYMMDD')) IS NOT NULL;
        BEGIN
            FOREACH t IN ARRAY ARRAY['outbox', 'event_positions'] LOOP
                EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                               t || '_' || to_char(d, 'YYYYMMDD'), t);
                EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                               t, t || '_' || to_char(d, 'YYYYMMDD'), d, d + 1);
            END LOOP;
        EXCEPTION WHEN check_violation THEN
            CONTINUE;
        END;
        made := made + 2;
    END LOOP;
    RETURN made;
END $$;
SELECT make_event_partitions((now() AT TIME ZONE 'UTC')::date, 8);

CREATE FUNCTION forget_event_partition(day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I, %I', 'outbox_' || to_char(day, 'YYYYMMDD'),
                   'event_positions_' || to_char(day, 'YYYYMMDD'));
END $$;

-- The last position, within the skew of clocks and the duration of commands, of an event that happened before an instant.
-- Positions between events that are still there may be forgotten: what is asked is the nearest one below. Plans are kept, and
-- days that are empty now will be full.
CREATE FUNCTION event_position_at(instant timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET jit = off AS $$
DECLARE
    low     bigint := coalesce((SELECT position - 1 FROM event_positions ORDER BY position LIMIT 1), 0);
    high    bigint := (SELECT position FROM event_sequencer);
    middle  bigint;
    nearest record;
BEGIN
    WHILE low < high LOOP
        middle := (low + high + 1) / 2;
        SELECT p.position, coalesce(o.created_at < instant, true) AS is_before INTO nearest
          FROM (SELECT * FROM event_positions
                 WHERE position > low AND position <= middle ORDER BY position DESC LIMIT 1) AS p
          LEFT JOIN outbox AS o ON o.day = p.day AND o.xact_id = p.xact_id AND o.id = p.id;
        IF coalesce(nearest.is_before, true) THEN
            low := middle;
        ELSE
            high := nearest.position - 1;
        END IF;
    END LOOP;
    RETURN low;
END $$;
