#!/bin/sh
# Backs up the environments named, one after the other: scripts/db/backup.sh production [staging …]
# Each is dumped, checked while it streams, and stored; see `npm run raingauge -- help`.
# The databases are those of raingauge.config.ts, or DATABASE_URL_STAGING and DATABASE_URL_PROD from the environment or
# .env.local: a URL on a command line could be read by everyone on the machine.
# Exit status: the worst of them; 0 done, 2 something could not be done, 64 wrong usage.
set -eu

if [ $# -eq 0 ]; then
  echo "usage: scripts/db/backup.sh ENVIRONMENT…   (such as: production)" >&2
  exit 64
fi
for environment in "$@"; do
  case $environment in
    -* | *://*)
      echo "scripts/db/backup.sh takes names of environments, no options and no URLs" >&2
      exit 64
      ;;
  esac
done

cd -- "$(dirname -- "$0")/../.."
node=node_modules/.bin/node
if [ ! -x "$node" ]; then
  echo "$PWD: dependencies are not installed: run npm ci" >&2
  exit 2
fi
env_file=
if [ -f .env.local ]; then env_file=--env-file=.env.local; fi

# An archive holds everything the database does: only its owner may read it.
umask 077

worst=0
for environment in "$@"; do
  status=0
  "$node" ${env_file:+"$env_file"} bin/raingauge.mjs backup "$environment" || status=$?
  if [ "$status" -gt "$worst" ]; then worst=$status; fi
done
exit "$worst"
