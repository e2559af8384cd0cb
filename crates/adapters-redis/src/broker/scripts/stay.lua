#!lua flags=allow-oom
-- Says that a member is still here; one that was taken for dead stays dead.
-- KEYS: the members. ARGV: the member, its lease in milliseconds.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZADD', KEYS[1], 'XX', 'CH', string.format('%.0f', now + ARGV[2]), ARGV[1])
