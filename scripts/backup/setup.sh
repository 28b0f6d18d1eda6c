#!/bin/sh
# Makes the repository of backups once, as the user that runs PostgreSQL. What is there already is kept.
#   BACKUP_DATA=/var/lib/postgresql/18/main sh scripts/backup/setup.sh
# PostgreSQL must be running with archive_mode = on and the archive_command of deploy/postgresql.conf.
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
data=${BACKUP_DATA:?the data directory of PostgreSQL}
config=${PGBACKREST_CONFIG:-/etc/pgbackrest/pgbackrest.conf}
repository=${BACKUP_REPOSITORY:-/var/lib/pgbackrest}
passphrase=${BACKUP_PASSPHRASE_FILE:-/etc/tongchou/secrets/backup_passphrase}
if [ ! -s "$config" ]; then
  [ -s "$passphrase" ] || openssl rand -hex 24 >"$passphrase"
  sed \
    -e "s|@REPOSITORY@|$repository|" \
    -e "s|@PASSPHRASE@|$(cat "$passphrase")|" \
    -e "s|@DATA@|$data|" \
    -e "s|@SOCKET@|${BACKUP_SOCKET:-/var/run/postgresql}|" \
    -e "s|@PORT@|${BACKUP_PORT:-5432}|" \
    -e "s|@LOG@|${BACKUP_LOG:-/var/log/pgbackrest}|" \
    -e "s|@SPOOL@|${BACKUP_SPOOL:-/var/spool/pgbackrest}|" \
    -e "s|@LOCK@|${BACKUP_LOCK:-/tmp/pgbackrest}|" \
    "$here/pgbackrest.conf.template" >"$config"
  echo "written: $config. Keep $passphrase in a second place: without it no backup can be read."
fi
export PGBACKREST_CONFIG="$config"
pgbackrest --stanza=tongchou stanza-create
pgbackrest --stanza=tongchou check
