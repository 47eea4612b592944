#!/usr/bin/env bash
# Holds the running service against its own description: a public validator reads the document, and schemathesis, a
# property-based fuzzer, looks for failures of the service, answers that do not fit, and input that is wrongly taken
# or refused. Once with whatever it makes up, once with ids that exist.
#
#   tests/fuzz-api.sh [SECONDS]      time for each of the two rounds, 60 unless told
#
# Needs Python 3.10 or newer with venv. The tools go into a temporary folder, or stay in FUZZ_VENV where that is set.
# Starts a service of its own on a free loopback port, and ends it, whatever comes.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds="${1:-60}"
work="$(mktemp -d)"
service=""
trap 'test -z "$service" || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT

venv="${FUZZ_VENV:-$work/venv}"
if [ ! -x "$venv/bin/schemathesis" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5 openapi-spec-validator==0.9.0
fi

cargo build --locked --quiet
DOORLIST__STATE__DIR="$work/state" target/debug/doorlist serve --demo 200 --listen 127.0.0.1:0 --ready-json \
    --database "$work/tickets.db" > "$work/ready.json" &
service=$!
for _ in $(seq 300); do
    test -s "$work/ready.json" && break
    kill -0 "$service" || exit 1
    sleep 0.1
done

# Where things are, and a configuration with ids that exist; other than that, both rounds ask the same.
"$venv/bin/python" - "$work" <<'PYTHON'
import json, sys, urllib.request

work = sys.argv[1]
ready = json.load(open(f"{work}/ready.json"))
headers = {"x-tenant-id": ready["tenantId"], "Authorization": f"Bearer {ready['tokens']['full']}"}

def ask(path):
    with urllib.request.urlopen(urllib.request.Request(ready["url"] + path, headers=headers)) as answer:
        return json.load(answer)

document = urllib.request.urlopen(ready["url"] + "/openapi.json").read()
open(f"{work}/openapi.json", "wb").write(document)
event = ready["eventId"]
tickets = ask(f"/tickets?eventId={event}&limit=60")["tickets"]
told = ask(f"/events/{event}")["event"]
ids = {
    "ticket": [ticket["id"] for ticket in tickets],
    "order": [ticket["orderId"] for ticket in tickets],
    "customer": [ticket["customerId"] for ticket in tickets],
    "admission": [admission["id"] for admission in told["admissions"]],
    "section": [section["id"] for section in told["sections"]],
}
base = f"""
[checks]
# A rule of the door refuses with 400 what fits the schema: a guest who is in, a cursor of another list.
positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "409"]
# A free order may be asked for again, and every token of this run is of one user.
use_after_free.enabled = false

[headers]
x-tenant-id = "{ready['tenantId']}"
Authorization = "Bearer {ready['tokens']['full']}"
"""
own = {
    "ticket.get": {"path.id": "ticket"},
    "ticket.update": {"path.id": "ticket", "body.admissionId": "admission"},
    "ticket.scan": {"path.id": "ticket"},
    "ticket.checkInByKey": {"path.key": "ticket"},
    "ticket.checkOutByKey": {"path.key": "order"},
    "ticket.list": {"query.orderId": "order"},
    "order.get": {"path.id": "order"},
    "order.resend": {"path.id": "order"},
    "admission.get": {"path.id": "admission"},
    "section.get": {"path.id": "section"},
}
known = base + f"""
[parameters]
"path.eventId" = "{event}"
"path.key" = "{event}"
"query.eventId" = "{event}"
"""
for operation, parameters in own.items():
    known += f'\n[[operations]]\ninclude-operation-id = "{operation}"\n[operations.parameters]\n'
    for name, kind in parameters.items():
        if not name.startswith("body."):
            known += f'"{name}" = {json.dumps(ids[kind])}\n'
open(f"{work}/made-up.toml", "w").write(base)
open(f"{work}/known.toml", "w").write(known)
open(f"{work}/url", "w").write(ready["url"])
PYTHON

"$venv/bin/openapi-spec-validator" --schema 3.1 "$work/openapi.json"

for round in made-up known; do
    echo "schemathesis, $round ids"
    "$venv/bin/schemathesis" --config-file "$work/$round.toml" run "$work/openapi.json" --url "$(cat "$work/url")" \
        --checks all --exclude-checks ignored_auth,object_level_authorization --max-time "$seconds" --seed 1 \
        --max-examples 200 --no-shrink --continue-on-failure --warnings off
done
kill -0 "$service"
echo "the service is still up, and did as it says"
