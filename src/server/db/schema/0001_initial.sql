-- Times are milliseconds since 1970 in UTC. Statuses: 0 ACTIVE, 1 REDEEMED, 2 CANCELLED.
-- Kinds of scan: 0 CHECK_IN, 1 CHECK_OUT. Every public id is unique in its tenant.

CREATE TABLE tenants (
    key INTEGER PRIMARY KEY,
    id  TEXT NOT NULL UNIQUE
) STRICT;

-- Whoever scanned or issued something, as their token said.
CREATE TABLE users (
    key        INTEGER PRIMARY KEY,
    tenant     INTEGER NOT NULL REFERENCES tenants,
    id         TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name  TEXT NOT NULL,
    email      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (tenant, id)
) STRICT;

CREATE TABLE customers (
    key        INTEGER PRIMARY KEY,
    tenant     INTEGER NOT NULL REFERENCES tenants,
    id         TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name  TEXT NOT NULL,
    email      TEXT NOT NULL,
    phone      TEXT,
    UNIQUE (tenant, id)
) STRICT;

-- `body` is the event as the API tells it, without its status, tiers, sections and sales.
CREATE TABLE events (
    key    INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL REFERENCES tenants,
    id     TEXT NOT NULL,
    slug   TEXT NOT NULL,
    body   TEXT NOT NULL,
    UNIQUE (tenant, id),
    UNIQUE (tenant, slug)
) STRICT;

CREATE TABLE sections (
    key   INTEGER PRIMARY KEY,
    event INTEGER NOT NULL REFERENCES events,
    id    TEXT NOT NULL,
    body  TEXT NOT NULL,
    UNIQUE (event, id)
) STRICT;

CREATE TABLE admissions (
    key     INTEGER PRIMARY KEY,
    event   INTEGER NOT NULL REFERENCES events,
    section INTEGER REFERENCES sections,
    id      TEXT NOT NULL,
    body    TEXT NOT NULL,
    UNIQUE (event, id)
) STRICT;

-- `lines` is a list of {id, admission, section, quantity, base, booking} by key.
CREATE TABLE orders (
    key        INTEGER PRIMARY KEY,
    tenant     INTEGER NOT NULL REFERENCES tenants,
    id         TEXT NOT NULL,
    event      INTEGER NOT NULL REFERENCES events,
    customer   INTEGER NOT NULL REFERENCES customers,
    status     TEXT NOT NULL,
    method     TEXT NOT NULL,
    lines      TEXT NOT NULL,
    quantity   INTEGER NOT NULL,
    total      INTEGER NOT NULL,
    issuer     INTEGER REFERENCES users,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX orders_by_customer ON orders (customer);
CREATE INDEX orders_by_event ON orders (event, updated_at);

-- What happened to an order that its tickets do not tell.
CREATE TABLE order_notes (
    key         INTEGER PRIMARY KEY,
    "order"     INTEGER NOT NULL REFERENCES orders,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    description TEXT NOT NULL,
    user        INTEGER NOT NULL REFERENCES users,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX order_notes_by_order ON order_notes ("order");

-- `sort_key` and `haystack` are the attendee, folded for order and for search.
CREATE TABLE tickets (
    key        INTEGER PRIMARY KEY,
    tenant     INTEGER NOT NULL REFERENCES tenants,
    id         TEXT NOT NULL,
    event      INTEGER NOT NULL REFERENCES events,
    "order"    INTEGER NOT NULL REFERENCES orders,
    admission  INTEGER NOT NULL REFERENCES admissions,
    section    INTEGER REFERENCES sections,
    status     INTEGER NOT NULL CHECK (status BETWEEN 0 AND 2),
    first_name TEXT NOT NULL,
    last_name  TEXT NOT NULL,
    email      TEXT NOT NULL,
    phone      TEXT,
    line       TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    sort_key   TEXT NOT NULL,
    haystack   TEXT NOT NULL,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX tickets_by_order ON tickets ("order");
-- Pages of an event in the order of names; carries the haystack, so that a search reads nothing else.
CREATE INDEX tickets_by_name ON tickets (event, sort_key, id, haystack);

CREATE TABLE scans (
    key        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL,
    ticket     INTEGER NOT NULL REFERENCES tickets,
    event      INTEGER NOT NULL REFERENCES events,
    kind       INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 1),
    scanned_at INTEGER NOT NULL,
    user       INTEGER NOT NULL REFERENCES users,
    device     TEXT NOT NULL
) STRICT;
CREATE INDEX scans_by_ticket ON scans (ticket);
-- Grows at its end only, so it costs a check-in next to nothing.
CREATE INDEX scans_by_time ON scans (event, scanned_at, kind, ticket);

-- First answers, kept to be given again for 24 hours.
CREATE TABLE answers (
    tenant   INTEGER NOT NULL REFERENCES tenants,
    key      TEXT NOT NULL,
    kind     TEXT NOT NULL,
    target   TEXT NOT NULL,
    request  TEXT NOT NULL,
    status   INTEGER NOT NULL,
    body     TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_by_age ON answers (given_at);

-- How many tickets of each tier and section are in each status; section 0 is none.
CREATE TABLE tallies (
    event     INTEGER NOT NULL REFERENCES events,
    admission INTEGER NOT NULL,
    section   INTEGER NOT NULL,
    status    INTEGER NOT NULL,
    tickets   INTEGER NOT NULL,
    PRIMARY KEY (event, admission, section, status)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tally_new AFTER INSERT ON tickets BEGIN
    INSERT INTO tallies VALUES (NEW.event, NEW.admission, ifnull(NEW.section, 0), NEW.status, 1)
    ON CONFLICT DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER tally_change AFTER UPDATE OF admission, section, status ON tickets BEGIN
    UPDATE tallies SET tickets = tickets - 1
    WHERE event = OLD.event AND admission = OLD.admission AND section = ifnull(OLD.section, 0) AND status = OLD.status;
    INSERT INTO tallies VALUES (NEW.event, NEW.admission, ifnull(NEW.section, 0), NEW.status, 1)
    ON CONFLICT DO UPDATE SET tickets = tickets + 1;
END;
