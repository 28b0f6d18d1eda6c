#!/bin/sh
# Whether WAL reaches the repository now, whether every file in it is whole, and what backups there are.
set -eu
pgbackrest --stanza=tongchou check
pgbackrest --stanza=tongchou verify
pgbackrest --stanza=tongchou info
