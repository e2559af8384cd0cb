-- Forgets a thing that is older than this version, and that there is none, and remembers the version.
-- KEYS[1]: the thing. ARGV: the version; for how long, in ms.
-- Protected calls: whatever is there, or however full Redis is, the old thing has to go.
local stored = redis.pcall('GETRANGE', KEYS[1], 0, 22)
local version, ttl = ARGV[1], ARGV[2]
local known = type(stored) == 'string' and string.match(stored, '^[VF](%d+)')
if known and tonumber(known) >= tonumber(version) then
  ttl = math.max(tonumber(ttl), redis.call('PTTL', KEYS[1]))
  if not string.find(stored, '^F%d+:A') then
    redis.call('PEXPIRE', KEYS[1], ttl)
    return
  end
  version = known
end
if redis.pcall('SET', KEYS[1], 'F' .. version, 'PX', ttl).err then
  redis.call('DEL', KEYS[1])
end
