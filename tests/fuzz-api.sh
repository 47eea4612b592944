#!/usr/bin/env bash
# Holds the running service against its own description: a public validator reads the document, and schemathesis, a
# property-based fuzzer, looks for failures of the service, answers that do not fit, and input that is wrongly taken
# or refused. Once with whatever it makes up; once with ids that exist, so that every operation also succeeds, and the
# script fails where one never did.
#
#   tests/fuzz-api.sh [SECONDS]      time for each of the two rounds, 60 unless told
#
# Needs Python 3.10 or newer with venv. The tools go into a temporary folder, or stay in FUZZ_VENV where that is set;
# FUZZ_SEED is where the fuzzer begins, 1 unless told. FUZZ_PROGRAM is a doorlist that is built already.
# Starts a service of its own on a free loopback port, and ends it, whatever comes.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds="${1:-60}"
work="$(mktemp -d)"
service=""
trap 'test -z "$service" || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT

venv="$(realpath -m "${FUZZ_VENV:-$work/venv}")"
if [ ! -x "$venv/bin/schemathesis" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5 openapi-spec-validator==0.9.0
fi

program="${FUZZ_PROGRAM:-target/debug/doorlist}"
test -n "${FUZZ_PROGRAM:-}" || cargo build --locked --quiet
DOORLIST__STATE__DIR="$work/state" "$program" serve --demo 200 --listen 127.0.0.1:0 --ready-json \
    --database "$work/tickets.db" > "$work/ready.json" &
service=$!
for _ in $(seq 300); do
    test -s "$work/ready.json" && break
    kill -0 "$service" || exit 1
    sleep 0.1
done

"$venv/bin/python" tests/fuzz-api/prepare.py "$work"
"$venv/bin/openapi-spec-validator" --schema 3.1 "$work/made-up.json"

fuzz() {
    round="$1"
    shift
    echo "schemathesis, $round ids"
    # It remembers what it found in the folder where it runs.
    (cd "$work" && "$venv/bin/schemathesis" --config-file fuzz.toml run "$round.json" --url "$(cat url)" \
        --checks all --exclude-checks ignored_auth,object_level_authorization --max-time "$seconds" \
        --seed "${FUZZ_SEED:-1}" --max-examples 200 --no-shrink --continue-on-failure --warnings off \
        --report har --report-har-path "$round.har" "$@")
}

fuzz made-up
"$venv/bin/python" tests/fuzz-api/tally.py "$work/made-up.json" "$work/made-up.har"
# What is no id that exists may still be an id: only what fits is asked here.
fuzz known --mode positive
"$venv/bin/python" tests/fuzz-api/tally.py "$work/known.json" "$work/known.har" --each
kill -0 "$service"
echo "the service is still up, and did as it says"
