#!lua flags=allow-oom
-- Makes a member the one who reads the streams of a shard: with all that was given to others and not acknowledged.
-- A stream that was there and is not any more is made again, and missed by whoever publishes.
-- KEYS: the marker, then the streams. ARGV: the group, the member.
local group, me = ARGV[1], ARGV[2]
for i = 2, #KEYS do
  local stream = KEYS[i]
  if redis.call('EXISTS', stream) == 0 and redis.call('HEXISTS', KEYS[1], stream) == 1 then
    redis.call('DEL', KEYS[1])
  end
  local made = redis.pcall('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM')
  if made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then
    return made
  end
  local cursor = '0-0'
  repeat
    cursor = redis.call('XAUTOCLAIM', stream, group, me, 0, cursor, 'COUNT', 1000, 'JUSTID')[1]
  until cursor == '0-0'
  for _, facts in ipairs(redis.call('XINFO', 'CONSUMERS', stream, group)) do
    if facts[2] ~= me then
      redis.call('XGROUP', 'DELCONSUMER', stream, group, facts[2])
    end
  end
end
return 'taken'
