-- Counts requests of one subject. The same arithmetic as app::platform::Bucket: a request owes one million parts, a
-- microsecond pays off as many as requests are allowed per second.
-- KEYS[1]: the subject. ARGV: requests per second; at once; how many are wanted.
-- Answers how many are granted, and what is owed then.
local per_second, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local owed, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
owed, at = tonumber(owed or 0), tonumber(at or now)
owed = math.max(0, owed - math.max(0, now - at) * per_second)
local free = math.max(0, math.floor(burst - owed / 1000000))
local granted = math.min(wanted, free)
if granted > 0 then
  owed = owed + granted * 1000000
  -- A second more than it takes to pay everything off: whoever owes nothing may be forgotten.
  local ttl = math.ceil(owed / per_second / 1000) + 1000
  redis.call('SET', KEYS[1], string.format('%.0f %.0f', owed, math.max(at, now)), 'PX', ttl)
end
return {granted, owed}
