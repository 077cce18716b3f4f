-- Files that somebody sent to be imported, until they are too old: what is chosen, what an import would do, how far it
-- is, and the rows that were refused. Only who sent one sees it. Of one that was
-- deleted the id stays as long: its key stands for nothing else meanwhile.
CREATE TABLE file_imports (
  id uuid PRIMARY KEY,
  owner uuid NOT NULL,
  request_hash text NOT NULL,
  name text NOT NULL,
  content bytea NOT NULL,
  options json NOT NULL,
  status text NOT NULL CHECK (status IN ('Previewed', 'Running', 'Done', 'Failed', 'Deleted')),
  preview json NOT NULL,
  progress jsonb,
  failure json,
  errors bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX file_imports_owner ON file_imports (owner, created_at DESC, id DESC);
CREATE INDEX file_imports_expires_at ON file_imports (expires_at);

-- What became of each batch of an import, so that one which is carried on counts every row once.
CREATE TABLE file_import_batches (
  import_id uuid NOT NULL REFERENCES file_imports ON DELETE CASCADE,
  kind text NOT NULL,
  round integer NOT NULL,
  batch_id uuid NOT NULL,
  outcome jsonb NOT NULL,
  PRIMARY KEY (import_id, kind, round, batch_id)
);
