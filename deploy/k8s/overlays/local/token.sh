#!/bin/sh
# Prints a bearer token that is good for an hour, signed with your own key: token.sh private.pem alice shopper
set -eu
key=$1 user=$2 role=${3:-shopper}

encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

now=$(date +%s)
header=$(printf '{"alg":"RS256","typ":"JWT"}' | encode)
claims=$(printf '{"iss":"%s","aud":"%s","sub":"%s","groups":["%s"],"iat":%d,"exp":%d}' \
  https://local.flashstock.example flashstock "$user" "$role" "$now" "$((now + 3600))" | encode)
signature=$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -sign "$key" | encode)
printf '%s.%s.%s\n' "$header" "$claims" "$signature"
