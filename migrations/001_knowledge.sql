-- Texts by meaning (pgvector) and by word (postings for BM25), for search that is the same on every replica.
CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE knowledge_snippet_embeddings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source_id uuid NOT NULL,
  kind text NOT NULL,
  content text NOT NULL,
  language text NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  model text NOT NULL,
  content_hash text NOT NULL,
  revision bigint NOT NULL,
  visibility text NOT NULL CHECK (visibility IN ('everyone', 'parties')),
  person_ids uuid[] NOT NULL DEFAULT '{}',
  project_ids uuid[] NOT NULL DEFAULT '{}',
  embedding halfvec(1536) NOT NULL,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (source_id, model)
);

-- One index per model: vectors of different models must never meet. Further models get theirs from `trm migrate`.
CREATE INDEX embeddings_all_minilm_l6_v2 ON knowledge_snippet_embeddings
  USING hnsw (embedding halfvec_cosine_ops) WHERE model = 'all-MiniLM-L6-v2';
CREATE INDEX embeddings_text_embedding_3_small ON knowledge_snippet_embeddings
  USING hnsw (embedding halfvec_cosine_ops) WHERE model = 'text-embedding-3-small';

-- A text is embedded once per model, ever.
CREATE TABLE embedding_cache (
  model text NOT NULL,
  content_hash text NOT NULL,
  embedding halfvec(1536) NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (model, content_hash)
);

CREATE TABLE search_documents (
  source_id uuid PRIMARY KEY,
  revision bigint NOT NULL,
  length integer NOT NULL
);

CREATE TABLE search_postings (
  term text NOT NULL,
  source_id uuid NOT NULL,
  frequency integer NOT NULL,
  length integer NOT NULL,
  PRIMARY KEY (term, source_id) INCLUDE (frequency, length)
);
CREATE INDEX search_postings_source ON search_postings (source_id);

-- Number of documents and words, over sixteen rows so that writers do not wait for each other.
CREATE TABLE search_statistics (
  shard smallint PRIMARY KEY,
  documents bigint NOT NULL,
  words bigint NOT NULL
);
INSERT INTO search_statistics SELECT shard, 0, 0 FROM generate_series(0, 15) AS shard;

-- Stores one text: vector, words and statistics together, in one round trip; an older or equal revision changes nothing.
CREATE FUNCTION index_snippet(
  p_source uuid, p_kind text, p_content text, p_language text, p_model text, p_hash text, p_revision bigint,
  p_visibility text, p_people uuid[], p_projects uuid[], p_occurred timestamptz, p_embedding halfvec,
  p_terms text[], p_frequencies integer[]
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_length integer := (SELECT coalesce(sum(f), 0) FROM unnest(p_frequencies) AS f);
  v_old_length integer;
  v_old_revision bigint;
  v_shard smallint := abs(hashtext(p_source::text) % 16);
BEGIN
  INSERT INTO embedding_cache (model, content_hash, embedding) VALUES (p_model, p_hash, p_embedding)
    ON CONFLICT DO NOTHING;
  INSERT INTO knowledge_snippet_embeddings AS e (
    source_id, kind, content, language, model, content_hash, revision, visibility, person_ids, project_ids,
    occurred_at, embedding
  ) VALUES (
    p_source, p_kind, p_content, p_language, p_model, p_hash, p_revision, p_visibility, p_people, p_projects,
    p_occurred, p_embedding
  )
  ON CONFLICT (source_id, model) DO UPDATE SET
    kind = excluded.kind, content = excluded.content, language = excluded.language,
    content_hash = excluded.content_hash, revision = excluded.revision, visibility = excluded.visibility,
    person_ids = excluded.person_ids, project_ids = excluded.project_ids, occurred_at = excluded.occurred_at,
    embedding = excluded.embedding, updated_at = now()
  WHERE e.revision < excluded.revision;
  IF NOT FOUND THEN
    RETURN 'same';
  END IF;

  SELECT length, revision INTO v_old_length, v_old_revision FROM search_documents WHERE source_id = p_source FOR UPDATE;
  IF v_old_revision >= p_revision THEN
    RETURN 'stored';
  END IF;
  DELETE FROM search_postings WHERE source_id = p_source;
  INSERT INTO search_postings (term, source_id, frequency, length)
    SELECT term, p_source, frequency, v_length FROM unnest(p_terms, p_frequencies) AS t (term, frequency);
  INSERT INTO search_documents (source_id, revision, length) VALUES (p_source, p_revision, v_length)
    ON CONFLICT (source_id) DO UPDATE SET revision = excluded.revision, length = excluded.length;
  UPDATE search_statistics SET
    documents = documents + (v_old_length IS NULL)::integer, words = words + v_length - coalesce(v_old_length, 0)
  WHERE shard = v_shard;
  RETURN 'stored';
END
$$;
