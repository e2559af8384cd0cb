-- The guesses of one key in a window that goes along, as a list of instants in microseconds.
-- KEYS[1]: the key. ARGV: how long a guess counts, in microseconds; how many there may be; 1 to note another one.
-- Answers in how many milliseconds there is room for one more; 0 when there is (or was, for the one that is noted).
local length, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local first = redis.call('LINDEX', KEYS[1], 0)
while first and now - tonumber(first) >= length do
  redis.call('LPOP', KEYS[1])
  first = redis.call('LINDEX', KEYS[1], 0)
end
if redis.call('LLEN', KEYS[1]) >= most then
  return math.max(1, math.ceil((tonumber(first) + length - now) / 1000))
end
if ARGV[3] == '1' then
  redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], math.ceil(length / 1000))
end
return 0
