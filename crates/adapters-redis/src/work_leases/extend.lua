-- Makes a lease last from now, if it is still this token's. KEYS: the lease. ARGV: the token; how long, in milliseconds.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
