-- Lets a shard be published again behind a place, unless somebody else has been here.
-- KEYS: the marker. ARGV: what was seen as the place up to which it was published (empty: nothing), the place.
if (redis.call('HGET', KEYS[1], 'through') or '') == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'through', ARGV[2])
end
return 'done'
