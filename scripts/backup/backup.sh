#!/bin/sh
# One backup, as the user that runs PostgreSQL: sh scripts/backup/backup.sh full | diff | incr
# full: everything · diff: what changed since the last full · incr: what changed since the last of any kind.
set -eu
case ${1:-} in
full | diff | incr) ;;
*)
  echo 'usage: sh scripts/backup/backup.sh full | diff | incr' >&2
  exit 2
  ;;
esac
exec pgbackrest --stanza=tongchou --type="$1" backup
