-- How many jobs of an organization are not finished: no more than some may wait at once.
CREATE INDEX jobs_unfinished_of ON jobs (organization_id) WHERE finished_at IS NULL;
