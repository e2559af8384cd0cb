-- Forgets a thing that is older than this version, and remembers the version.
-- KEYS[1]: the thing. ARGV: the version; for how long, in ms.
-- Protected calls: whatever is there, or however full Redis is, the old thing has to go.
local stored = redis.pcall('GETRANGE', KEYS[1], 0, 20)
local known = type(stored) == 'string' and string.match(stored, '^[VF](%d+)')
if known and tonumber(known) >= tonumber(ARGV[1]) then
  if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
  end
elseif redis.pcall('SET', KEYS[1], 'F' .. ARGV[1], 'PX', ARGV[2]).err then
  redis.call('DEL', KEYS[1])
end
