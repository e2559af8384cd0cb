-- Customers are found by any part of their names, also one of one or two letters, as invoices are: by words of three letters,
-- one for each place in the name, that begin with a mark of the organization. An index of an expression, so that the release
-- before this one fills it as well.
CREATE FUNCTION name_words(organization_id uuid, name_folded text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 500
    SET search_path = pg_catalog
    RETURN array_to_tsvector((
        SELECT array_agg(DISTINCT right(organization_id::text, 6) || substr(name_folded, start, 3))
          FROM generate_series(1, length(name_folded)) AS start));

CREATE INDEX customers_name_words ON customers USING gin (name_words(organization_id, name_folded))
    WHERE archived_at IS NULL;
DROP INDEX customers_name;
