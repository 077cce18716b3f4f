-- Tickets that let a browser listen: each lets one socket in, and only its hash is kept.
CREATE TABLE live_tickets (
  hash bytea PRIMARY KEY,
  principal jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX live_tickets_expires_at ON live_tickets (expires_at);
