#!/bin/sh
# Verifies a request from adnanh/webhook, then runs a command with the event. Deletes the event's file afterwards.
#   OPENSEND_SIGNING_SECRET  the signing secret of the connection, from the environment of webhook
set -eu
: "${OPENSEND_SIGNING_SECRET:?is not set}"

case "$TIMESTAMP" in
  '' | *[!0-9]*) echo 'refused: no timestamp'; exit 1 ;;
esac
age=$(($(date +%s) - TIMESTAMP))
if [ "$age" -gt 300 ] || [ "$age" -lt -300 ]; then
  echo 'refused: too old or too new'
  exit 1
fi

expected=$({ printf '%s.' "$TIMESTAMP"; cat "$BODY_FILE"; } |
  openssl dgst -sha256 -hmac "$OPENSEND_SIGNING_SECRET" -r | cut -d ' ' -f 1)
if [ "${#expected}" -ne 64 ] || [ "$expected" != "$SIGNATURE" ]; then
  echo 'refused: the signature does not match'
  exit 1
fi

# Your command, in place of `cat`. A failure makes OpenSend send the event again later.
exec cat "$BODY_FILE"
