#!/bin/sh
# Verifies x-opensend-signature of a request that was saved to a file. Needs openssl.
#
#   OPENSEND_SIGNING_SECRET=… ./verify.sh BODY_FILE TIMESTAMP SIGNATURE
#
# BODY_FILE contains the raw body, byte for byte. TIMESTAMP and SIGNATURE are the values of x-opensend-timestamp and
# x-opensend-signature. Exits 0 when the signature is valid, 1 when it is not or cannot be checked.
#
# openssl gets the secret as an argument, so other users of the machine can see it in the process list. Use this by
# hand or in CI; a long-running service should verify in its own language.
set -eu
LC_ALL=C
export LC_ALL

tolerance_s=300

refuse() {
  echo "refused: $1" >&2
  exit 1
}

hmac_sha256() {
  openssl dgst -sha256 -hmac "$1" | sed 's/^.*= *//'
}

[ $# -eq 3 ] || refuse "usage: verify.sh BODY_FILE TIMESTAMP SIGNATURE"
body_file=$1
timestamp=$2
signature=$3
[ -n "${OPENSEND_SIGNING_SECRET:-}" ] || refuse "OPENSEND_SIGNING_SECRET is not set"
[ -r "$body_file" ] || refuse "the body file cannot be read"

# A leading zero would be read as octal, and a long number would overflow.
case $timestamp in
'' | 0* | *[!0-9]*) refuse "the timestamp is not a number" ;;
esac
[ ${#timestamp} -le 12 ] || refuse "the timestamp is not a number"
age_s=$(($(date +%s) - timestamp))
[ "${age_s#-}" -le "$tolerance_s" ] || refuse "the timestamp is too old or too new"

expected=$({ printf '%s.' "$timestamp" && cat -- "$body_file"; } | hmac_sha256 "$OPENSEND_SIGNING_SECRET")
[ ${#expected} -eq 64 ] || refuse "openssl failed"

# The shell compares text byte by byte and stops at the first difference. Digests under a random key are compared
# instead, so that the time reveals nothing about the expected signature.
blind=$(openssl rand -hex 32)
ours=$(printf '%s' "$expected" | hmac_sha256 "$blind")
theirs=$(printf '%s' "$signature" | hmac_sha256 "$blind")
[ -n "$ours" ] || refuse "openssl failed"
[ "$ours" = "$theirs" ] || refuse "the signature does not match"
echo "valid"
