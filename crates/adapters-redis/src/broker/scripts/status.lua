-- Tells up to where a shard was published ('' if nobody knows), whether something is missing, and of each group that reads
-- it up to where it is done.
-- KEYS: the marker, then the streams. ARGV: names of groups, each with the number of a key that it reads: one that reads
-- others of the shard, and has not come to this stream yet, as when a release has a kind more, is done with nothing of it.
local through = redis.call('HGET', KEYS[1], 'through') or ''
for _, stream in ipairs(redis.call('HKEYS', KEYS[1])) do
  if stream ~= 'through' and redis.call('EXISTS', stream) == 0 then
    return { through, 'lost' }
  end
end

local function facts_of(list)
  local facts = {}
  for i = 1, #list, 2 do
    facts[list[i]] = list[i + 1]
  end
  return facts
end

local function place_before(id)
  return math.max(tonumber(string.match(id, '^%d+')) - 1, 0)
end

local done, names, missing = {}, {}, {}
for i = 2, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then
    local top = facts_of(redis.call('XINFO', 'STREAM', KEYS[i]))['last-generated-id']
    local has_come = {}
    for _, list in ipairs(redis.call('XINFO', 'GROUPS', KEYS[i])) do
      local group = facts_of(list)
      local place = tonumber(through) or 0
      if group['pending'] > 0 then
        place = place_before(redis.call('XPENDING', KEYS[i], group['name'])[2])
      elseif group['last-delivered-id'] ~= top then
        place = place_before(group['last-delivered-id'])
      end
      if not done[group['name']] then
        table.insert(names, group['name'])
      end
      done[group['name']] = math.min(done[group['name']] or place, place)
      has_come[group['name']] = true
    end
    local first = redis.call('XRANGE', KEYS[i], '-', '+', 'COUNT', 1)[1]
    for at = 1, #ARGV, 2 do
      if first and tonumber(ARGV[at + 1]) == i and not has_come[ARGV[at]] then
        local place = place_before(first[1])
        missing[ARGV[at]] = math.min(missing[ARGV[at]] or place, place)
      end
    end
  end
end
for name, place in pairs(missing) do
  if done[name] then
    done[name] = math.min(done[name], place)
  end
end

local answer = { through, 'whole' }
for _, name in ipairs(names) do
  table.insert(answer, name)
  table.insert(answer, string.format('%.0f', done[name]))
end
return answer
