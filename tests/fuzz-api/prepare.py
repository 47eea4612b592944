"""Writes what the fuzzer is started with, into the folder of its first argument:

made-up.json  the service's own description, as it is served;
known.json    the same with every id, signature and cursor narrowed to those that exist, so that calls succeed;
fuzz.toml     headers and exceptions; url, where the service listens.
"""

import json
import sys
import urllib.request

WORK = sys.argv[1]
READY = json.load(open(f"{WORK}/ready.json"))
HEADERS = {"x-tenant-id": READY["tenantId"], "Authorization": f"Bearer {READY['tokens']['full']}"}
EVENT = READY["eventId"]
# The fuzzer likes a few keys, and each is good for one thing only: with made-up ids they are asked for, here not.
ONCE = "idempotencyKey"


def ask(path):
    with urllib.request.urlopen(urllib.request.Request(READY["url"] + path, headers=HEADERS)) as answer:
        return json.load(answer)


def configuration():
    return f"""
[checks]
# A rule of the door refuses with 400 what fits the schema: a guest who is in, a cursor of another list.
positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "409"]
# A free order may be asked for again, and every token of this run is of one user.
use_after_free.enabled = false

[headers]
x-tenant-id = "{HEADERS['x-tenant-id']}"
Authorization = "{HEADERS['Authorization']}"
"""


def known_values():
    """What there is, by the name of the field that asks for it, or a schema of it; `operation.field` goes before."""
    page = ask(f"/tickets?eventId={EVENT}&limit=100")
    tickets = page["tickets"]
    outside, inside = (ask(f"/tickets?eventId={EVENT}&limit=100&status={s}")["tickets"] for s in ["ACTIVE", "REDEEMED"])
    signed = ask(f"/tickets?orderId={READY['orderId']}")["tickets"]
    event = ask(f"/events/{EVENT}")["event"]
    roster = ask(f"/tickets/attendees?eventId={EVENT}&limit=30")
    index = ask(f"/tickets/attendees/index?eventId={EVENT}")
    orders = ask(f"/orders?eventId={EVENT}&limit=5")
    tiers = ask(f"/events/{EVENT}/admissions?limit=1")
    every = lambda name: sorted({ticket[name] for ticket in tickets})
    ids = lambda things: [thing["id"] for thing in things]
    return {
        "eventId": [EVENT],
        "promoterId": every("promoterId"),
        "orderId": [READY["orderId"], *every("orderId")],
        "customerId": every("customerId"),
        "admissionId": ids(event["admissions"]),
        "admissionIds": ids(event["admissions"]),
        "sectionId": ids(event["sections"]),
        "sectionIds": ids(event["sections"]),
        "quantity": [1, 2],
        "signature": [READY["orderSignature"]],
        "orderSignature": [READY["orderSignature"]],
        "query": ["an", "example", signed[0]["attendee"]["lastName"], ""],
        "cursor": [""],
        "event.get.key": [EVENT, event["slug"]],
        "ticket.checkInByKey.key": ids(outside) + every("orderId"),
        # Of filters that are drawn by chance few would let anybody in.
        "ticket.checkInByKey.admissionIds": {"enum": [[], ids(event["admissions"])]},
        "ticket.checkInByKey.sectionIds": {"enum": [[]]},
        "ticket.checkOutByKey.key": ids(inside) + every("orderId"),
        "ticket.get.id": ids(signed),
        "ticket.scan.id": ids(tickets),
        "ticket.update.id": ids(tickets),
        "ticket.list.orderId": [READY["orderId"]],
        "ticket.list.cursor": ["", page["after"]],
        "ticket.attendees.list.cursor": [roster["after"]],
        "ticket.attendees.list.before": [roster["after"]],
        "ticket.attendees.list.anchor": [bucket["anchor"] for bucket in index["buckets"] if bucket.get("anchor")],
        "admission.get.id": ids(event["admissions"]),
        "admission.list.cursor": ["", tiers["after"]],
        "section.get.id": ids(event["sections"]),
        "order.get.id": [READY["orderId"]],
        "order.resend.id": every("orderId"),
        "order.list.cursor": ["", orders["after"]],
    }, tickets


def narrow(schema, operation, name, known):
    """The schema with what is known of this field, and of those within it."""
    values = known.get(f"{operation}.{name}", known.get(name))
    if isinstance(values, dict):
        return values
    if values and schema.get("type") == "array":
        return {**schema, "items": {"enum": values}}
    if values and schema.get("type") != "object":
        return {"enum": values}
    schema = dict(schema)
    if "properties" in schema:
        schema["properties"] = {
            inner: narrow(told, operation, inner, known)
            for inner, told in schema["properties"].items()
            if inner != ONCE
        }
    if "items" in schema:
        schema["items"] = narrow(schema["items"], operation, "", known)
    return schema


def join_an_order(body, tickets):
    """A new ticket's order, customer and item belong together."""
    fits = lambda ticket: {
        "orderId": {"const": ticket["orderId"]},
        "customerId": {"const": ticket["customerId"]},
        "orderItemId": {"const": ticket["orderItemId"]},
    }
    return {"anyOf": [{**body, "properties": {**body["properties"], **fits(ticket)}} for ticket in tickets[:12]]}


def narrowed(document):
    known, tickets = known_values()
    for methods in document["paths"].values():
        for operation in methods.values():
            name = operation["operationId"]
            for parameter in operation["parameters"]:
                if "schema" in parameter:
                    parameter["schema"] = narrow(parameter["schema"], name, parameter["name"], known)
            if "requestBody" in operation:
                told = operation["requestBody"]["content"]["application/json"]
                told["schema"] = narrow(told["schema"], name, "", known)
                if name == "ticket.create":
                    told["schema"] = join_an_order(told["schema"], tickets)
                if name == "order.createComplimentary":
                    item = told["schema"]["properties"]["items"]["items"]
                    item["required"] = ["quantity", "admissionId"]
    return document


document = json.load(urllib.request.urlopen(READY["url"] + "/openapi.json"))
for name, text in {
    "made-up.json": json.dumps(document),
    "known.json": json.dumps(narrowed(json.loads(json.dumps(document)))),
    "fuzz.toml": configuration(),
    "url": READY["url"],
}.items():
    with open(f"{WORK}/{name}", "w") as file:
        file.write(text)
