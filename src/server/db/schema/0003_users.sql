-- A user by each name and address that their tokens gave: a scan keeps who it was by, whatever they are called since.
CREATE TABLE named_users (
    key        INTEGER PRIMARY KEY,
    tenant     INTEGER NOT NULL REFERENCES tenants,
    id         TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name  TEXT NOT NULL,
    email      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant, id, first_name, last_name, email)
) STRICT;
INSERT INTO named_users SELECT key, tenant, id, first_name, last_name, email, created_at FROM users;
DROP TABLE users;
ALTER TABLE named_users RENAME TO users;
