#!/bin/sh
# Make the secrets of docker-compose.yml that are not there yet; existing ones are never touched.
# The folder is closed to others; the files inside are readable, because each is read by several
# containers, each with a user of its own.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p secrets

make_secret() {
    [ -e "secrets/$1" ] && return
    head -c "$2" /dev/urandom | base64 | tr -d '\n' | tr '+/' "$3" > "secrets/$1"
    chmod 444 "secrets/$1"
    echo "secrets/$1"
}

make_secret secret_key 48 'ab'
make_secret database_password 24 'ab'
make_secret elasticsearch_password 24 'ab'
# A Fernet key: 32 bytes in URL-safe base64. Losing it loses every name and address; keep a copy.
make_secret personal_data_keys 32 '-_'
