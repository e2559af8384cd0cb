-- Remembers that there is no such thing, unless any version is remembered or was announced.
-- KEYS[1]: the thing. ARGV: for how long, in ms.
if string.find(redis.call('GETRANGE', KEYS[1], 0, 0), '[VF]') then
  return 0
end
redis.call('SET', KEYS[1], 'A', 'PX', ARGV[1])
return 1
