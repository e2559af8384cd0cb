-- Remembers that there is no such thing, unless one is remembered, or another version was announced than the one that was known
-- before it was looked for.
-- KEYS[1]: the thing. ARGV: for how long, in ms; the version that was known to be announced, or nothing.
local stored = redis.call('GETRANGE', KEYS[1], 0, 20)
local announced = string.match(stored, '^F(%d+)') or ''
if string.find(stored, '^V') or announced ~= ARGV[2] then
  return 0
end
if announced == '' then
  redis.call('SET', KEYS[1], 'A', 'PX', ARGV[1])
else
  -- Not shorter than what was announced was to be kept: afterwards nothing would tell that an older one is old. What is
  -- deleted stays so; and whoever knows the form without the mark reads an announced version.
  local ttl = math.max(tonumber(ARGV[1]), redis.call('PTTL', KEYS[1]))
  redis.call('SET', KEYS[1], 'F' .. announced .. ':A', 'PX', ttl)
end
return 1
