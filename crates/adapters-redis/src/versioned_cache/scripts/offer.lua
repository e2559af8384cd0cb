-- Remembers a thing, unless a version above its own is remembered or was announced.
-- KEYS[1]: the thing. ARGV: its version; what to store; for how long, in ms.
-- Stored are V<version>:<thing>, F<version> (announced), F<version>:A (announced, and then there was none), or A (there is
-- none).
local known = string.match(redis.call('GETRANGE', KEYS[1], 0, 20), '^[VF](%d+)')
if known and tonumber(known) > tonumber(ARGV[1]) then
  return 0
end
-- Not shorter than what was announced was to be kept: afterwards nothing would tell that an older one is old.
local ttl = math.max(tonumber(ARGV[3]), redis.call('PTTL', KEYS[1]))
redis.call('SET', KEYS[1], ARGV[2], 'PX', ttl)
return 1
