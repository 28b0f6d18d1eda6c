#!/bin/sh
# Restores the database as it was at a moment into a new folder, as the user that runs PostgreSQL:
#   sh scripts/backup/restore-to-time.sh '2026-11-22 14:30:00+08' /var/lib/postgresql/18/restored
# or, with the word `end` instead of a time, with everything that was archived.
# The running database is not touched. The restored one is started by hand on another port, looked at, reconciled, and
# archives nothing until it takes the other one's place: docs/operations.md, "Restore".
set -eu
time=${1:?usage: sh scripts/backup/restore-to-time.sh <time with zone> <new folder>}
target=${2:?usage: sh scripts/backup/restore-to-time.sh <time with zone> <new folder>}
if [ -d "$target" ] && [ -n "$(ls -A "$target")" ]; then
  echo "$target is not empty; nothing is restored over anything" >&2
  exit 1
fi
mkdir -p -m 0700 "$target"
if [ "$time" = end ]; then
  pgbackrest --stanza=tongchou --pg1-path="$target" --archive-mode=off restore
else
  case $time in
  *[+-][0-9][0-9] | *[+-][0-9][0-9]:[0-9][0-9]) ;;
  *)
    echo "\"$time\" has no zone: write 2026-11-22 14:30:00+08" >&2
    exit 2
    ;;
  esac
  pgbackrest --stanza=tongchou --pg1-path="$target" --archive-mode=off \
    --type=time --target="$time" --target-action=promote restore
fi
echo "restored into $target; start it with: pg_ctl -D $target -o '-p 5433' start"
