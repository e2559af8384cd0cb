#!lua flags=allow-oom
-- Says that a member is here, and takes or gives back shards. Tells which ones it has from now on.
-- KEYS: the members, the holders. ARGV: the member, its lease in milliseconds, the number of shards.
local members, holders, me = KEYS[1], KEYS[2], ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', members, '-inf', string.format('%.0f', now))
redis.call('ZADD', members, string.format('%.0f', now + ARGV[2]), me)

local names, is_alive = redis.call('ZRANGE', members, 0, -1), {}
table.sort(names)
local rank = 0
for i, name in ipairs(names) do
  is_alive[name] = true
  if name == me then
    rank = i - 1
  end
end
local shards = tonumber(ARGV[3])
local fair = math.floor(shards / #names)
if rank < shards % #names then
  fair = fair + 1
end

local mine, free = {}, {}
for shard = 0, shards - 1 do
  local holder = redis.call('HGET', holders, shard)
  if holder == me then
    table.insert(mine, shard)
  elseif not holder or not is_alive[holder] then
    table.insert(free, shard)
  end
end
while #mine > fair do
  redis.call('HDEL', holders, table.remove(mine))
end
for _, shard in ipairs(free) do
  if #mine < fair then
    redis.call('HSET', holders, shard, me)
    table.insert(mine, shard)
  end
end
return mine
