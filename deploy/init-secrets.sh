#!/bin/sh
# Makes the secrets of compose.yaml, with random passwords, in deploy/secrets. Those that are there already stay.
set -eu
cd "$(dirname "$0")"

# The folder is private. The files are readable, since each container reads its own as a user of its own.
mkdir -p secrets
chmod 700 secrets
cd secrets
umask 022

password() {
    if [ ! -s "$1" ]; then
        od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "$1"
    fi
}

password postgres_password
password redis_password
password grafana_password
# Personal data is sealed with it: whoever loses it loses what was sealed. Keep a copy away from the database.
if [ ! -s wallets_key ]; then
    head -c 32 /dev/urandom | base64 | tr -d '\n' > wallets_key
fi
# The database and Redis are reached through a network of their own, which nothing else is in: hence no TLS.
printf 'postgres://tallystick:%s@postgres:5432/tallystick?sslmode=disable' "$(cat postgres_password)" > database_url
printf 'redis://:%s@redis:6379' "$(cat redis_password)" > redis_url
printf 'requirepass %s\n' "$(cat redis_password)" > redis.conf
echo "The secrets are in $(pwd)."
