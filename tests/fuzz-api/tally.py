"""Tells how a round went: how many calls each operation had, by the first digit of their statuses.

    tally.py DESCRIPTION REPORT [--each]

With `--each`, fails where an operation never succeeded: then its answers have not been looked at.
"""

import json
import re
import sys
from collections import Counter
from urllib.parse import urlsplit

document, report = (json.load(open(name)) for name in sys.argv[1:3])
# A fixed word goes before a parameter, as it does in the service: `/orders/complimentary` is no order.
routes = [
    (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), method.upper(), operation["operationId"])
    for path, methods in sorted(document["paths"].items(), key=lambda route: route[0].count("{"))
    for method, operation in methods.items()
]
tally = {operation: Counter() for _, _, operation in routes}
for entry in report["log"]["entries"]:
    path, method = urlsplit(entry["request"]["url"]).path, entry["request"]["method"]
    operation = next((name for route, of, name in routes if of == method and route.fullmatch(path)), None)
    if operation:
        tally[operation][entry["response"]["status"] // 100] += 1

print(f"  {'':30} {'2xx':>6} {'4xx':>6} {'5xx':>6}")
for operation, counts in sorted(tally.items()):
    print(f"  {operation:30} {counts[2]:6} {counts[4]:6} {counts[5]:6}")
never = [operation for operation, counts in tally.items() if not counts[2]]
if "--each" in sys.argv and never:
    sys.exit(f"never succeeded: {', '.join(sorted(never))}")
