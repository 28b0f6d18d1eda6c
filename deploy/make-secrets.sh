#!/bin/sh
# Makes deploy/secrets/ once: passwords, connection URLs, the passphrase of the backups, and a self-signed certificate to
# try with. What is there already is kept.
#   sh deploy/make-secrets.sh <host name>
set -eu
umask 077
host=${1:?usage: sh deploy/make-secrets.sh <host name>}
cd "$(dirname "$0")"
mkdir -p secrets

secret() {
  [ -s "secrets/$1" ] || openssl rand -hex 24 >"secrets/$1"
}

secret postgres_password
secret server_password
secret grafana_password
secret backup_passphrase
owner=$(cat secrets/postgres_password)
server=$(cat secrets/server_password)
printf 'postgres://postgres:%s@database:5432/tongchou\n' "$owner" >secrets/owner_url
printf 'postgres://tongchou_server:%s@database:5432/tongchou\n' "$server" >secrets/server_url
[ -s secrets/pgbackrest.conf ] || sed \
  -e "s|@REPOSITORY@|/var/lib/pgbackrest|" \
  -e "s|@PASSPHRASE@|$(cat secrets/backup_passphrase)|" \
  -e "s|@DATA@|/var/lib/postgresql/18/docker|" \
  -e "s|@SOCKET@|/var/run/postgresql|" \
  -e "s|@PORT@|5432|" \
  -e "s|@LOG@|/var/log/pgbackrest|" \
  -e "s|@SPOOL@|/var/spool/pgbackrest|" \
  -e "s|@LOCK@|/tmp/pgbackrest|" \
  ../scripts/backup/pgbackrest.conf.template >secrets/pgbackrest.conf
if [ ! -s secrets/tls_key.pem ]; then
  openssl req -x509 -newkey rsa:3072 -sha256 -nodes -days 90 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host,DNS:localhost,IP:127.0.0.1" \
    -keyout secrets/tls_key.pem -out secrets/tls_certificate.pem 2>/dev/null
  echo "secrets/tls_certificate.pem is self-signed: put the bureau's certificate and key in its place."
fi
# The containers' users read the mounted files; on this machine only their owner may enter the folder.
chmod 444 secrets/*
chmod 700 secrets
echo "secrets/ is complete. Keep secrets/backup_passphrase in a second place: without it no backup can be read."
