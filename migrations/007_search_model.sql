-- Which model's vectors are searched. It is the former one until every text has a vector of the model that is set.
CREATE TABLE search_model (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  model text NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);

-- The local model's vectors without the language a text is in, narrow as before.
CREATE INDEX embeddings_multilingual_e5_small_en_vi ON knowledge_snippet_embeddings
  USING hnsw ((subvector(embedding, 1, 384)::halfvec(384)) halfvec_cosine_ops)
  WHERE model = 'multilingual-e5-small/en-vi';

-- Words are read from their index alone, which takes that rows are known to be visible: sooner than by default.
ALTER TABLE search_postings SET (
  autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02
);

-- What a text says and who may see it is the same whatever model is searched; its vector of another model, and the
-- revision that this was made of, stay what they were.
CREATE FUNCTION tell_other_models() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE knowledge_snippet_embeddings SET
    kind = NEW.kind, content = NEW.content, language = NEW.language, visibility = NEW.visibility,
    person_ids = NEW.person_ids, project_ids = NEW.project_ids, occurred_at = NEW.occurred_at, updated_at = now()
  WHERE source_id = NEW.source_id AND model <> NEW.model AND revision < NEW.revision;
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_other_models AFTER INSERT OR UPDATE OF revision ON knowledge_snippet_embeddings
  FOR EACH ROW EXECUTE FUNCTION tell_other_models();
