-- Models of severity that were learnt here, by the hash of their file. Which of them judges is a fact of the graph; the
-- one that comes with the product is in none of them.
CREATE TABLE severity_models (
  sha256 text PRIMARY KEY CHECK (sha256 = encode(sha256(file), 'hex')),
  version text NOT NULL,
  file bytea NOT NULL,
  trained_at timestamptz NOT NULL,
  labels integer NOT NULL CHECK (labels >= 0),
  learnt text NOT NULL,
  figures jsonb NOT NULL
);
