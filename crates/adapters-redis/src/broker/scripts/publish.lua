-- Adds events to the streams of a shard, unless something that it had before is missing.
-- KEYS: the marker, then the streams. ARGV: the place up to which the shard must have been published, then of each event
-- the number of its stream's key, its place, its id, itself and its trace, if it has one.
local marker, through = KEYS[1], '0'
local known = redis.call('HGETALL', marker)
for i = 1, #known, 2 do
  if known[i] == 'through' then
    through = known[i + 1]
  elseif redis.call('EXISTS', known[i]) == 0 then
    return 'lost'
  end
end
if tonumber(through) < tonumber(ARGV[1]) then
  return 'lost'
end

local function is_there(stream, position, id)
  for _, entry in ipairs(redis.call('XRANGE', stream, position, position)) do
    local fields = entry[2]
    for i = 1, #fields, 2 do
      if fields[i] == 'id' and fields[i + 1] == id then
        return true
      end
    end
  end
  return false
end

-- The end of a stream is past the place of an event that waited while others went on.
local function place_at_the_end(stream)
  local facts = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #facts, 2 do
    if facts[i] == 'last-generated-id' then
      return string.match(facts[i + 1], '^%d+') .. '-*'
    end
  end
end

local written = {}
for i = 2, #ARGV, 5 do
  local stream, position, id = KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2]
  local fields = { 'position', position, 'id', id, 'event', ARGV[i + 3] }
  if ARGV[i + 4] ~= '' then
    fields[7], fields[8] = 'traceparent', ARGV[i + 4]
  end
  local added = redis.pcall('XADD', stream, position .. '-0', unpack(fields))
  if type(added) == 'table' and added.err then
    if not string.find(added.err, 'equal or smaller', 1, true) then
      return added
    end
    if not is_there(stream, position, id) then
      redis.call('XADD', stream, place_at_the_end(stream), unpack(fields))
    end
  end
  if tonumber(position) > tonumber(through) then
    through = position
  end
  written[stream] = true
end

redis.call('HSET', marker, 'through', through)
for stream in pairs(written) do
  redis.call('HSET', marker, stream, '1')
end
return 'published'
