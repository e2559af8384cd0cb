#!lua flags=allow-oom
-- Gives everything back.
-- KEYS: the members, the holders. ARGV: the member.
redis.call('ZREM', KEYS[1], ARGV[1])
local held = redis.call('HGETALL', KEYS[2])
for i = 1, #held, 2 do
  if held[i + 1] == ARGV[1] then
    redis.call('HDEL', KEYS[2], held[i])
  end
end
return 'left'
