#!/bin/sh
# A login, an issue and a payment by curl. Settings: docs/bring-your-own-game.md, step 2.
set -eu
here=$(dirname "$0")

post() { # path, credential, body; one idempotency key per intention
  curl -sS --fail-with-body "$NEWDAY_URL/api/v1$1" -H "Authorization: Bearer $2" \
    -H "Content-Type: application/json" -H "Idempotency-Key: $(uuid)" -d "$3"
}
uuid() { node -p 'crypto.randomUUID()'; }
field() { node -p "JSON.parse(fs.readFileSync(0)).$1"; }

token=$(curl -sS --fail-with-body "$NEWDAY_URL/api/v1/sessions" -H "Content-Type: application/json" \
  -d "{\"assertion\":\"$(node "$here/assertion.mjs" cora)\"}" | field token)

curl -sS --fail-with-body -X PUT "$NEWDAY_URL/api/v1/wallets/dan" -H "Authorization: Bearer $MOON_KEY" > /dev/null
post /mints "$MOON_KEY" '{"userId":"cora","currency":"moon_gems","amount":"50"}' > /dev/null
post /transfers "$token" '{"from":"cora","to":"dan","currency":"moon_gems","amount":"20"}' > /dev/null
curl -sS --fail-with-body "$NEWDAY_URL/api/v1/wallets/cora/accounts/moon_gems" -H "Authorization: Bearer $token" |
  field 'balance + " gems are left"'
