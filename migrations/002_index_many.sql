-- Stores many texts as index_snippet stores one, in one round trip and one statement per table. Locks are taken table by
-- table and in order within each, so that two imports, or an import and a single text, never wait for each other in a ring.
CREATE FUNCTION index_snippets(
  p_model text, p_sources uuid[], p_kinds text[], p_contents text[], p_languages text[], p_hashes text[],
  p_revisions bigint[], p_visibilities text[], p_occurred timestamptz[], p_embeddings halfvec[],
  p_people_of integer[], p_people uuid[], p_projects_of integer[], p_projects uuid[],
  p_terms_of integer[], p_terms text[], p_frequencies integer[]
) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  v_stored uuid[];
  v_fresh bigint[];
  v_shards integer[];
  v_documents bigint[];
  v_words bigint[];
BEGIN
  INSERT INTO embedding_cache (model, content_hash, embedding)
    SELECT DISTINCT ON (hash) p_model, hash, embedding FROM unnest(p_hashes, p_embeddings) AS t (hash, embedding)
    ORDER BY hash
    ON CONFLICT DO NOTHING;

  WITH people AS (
    SELECT place, array_agg(person) AS ids FROM unnest(p_people_of, p_people) AS t (place, person) GROUP BY place
  ), projects AS (
    SELECT place, array_agg(project) AS ids FROM unnest(p_projects_of, p_projects) AS t (place, project) GROUP BY place
  ), stored AS (
    INSERT INTO knowledge_snippet_embeddings AS e (
      source_id, kind, content, language, model, content_hash, revision, visibility, person_ids, project_ids,
      occurred_at, embedding
    )
    SELECT source, kind, content, language, p_model, hash, revision, visibility, coalesce(people.ids, '{}'),
      coalesce(projects.ids, '{}'), occurred, embedding
    FROM unnest(
      p_sources, p_kinds, p_contents, p_languages, p_hashes, p_revisions, p_visibilities, p_occurred, p_embeddings
    ) WITH ORDINALITY AS t (source, kind, content, language, hash, revision, visibility, occurred, embedding, place)
      LEFT JOIN people USING (place) LEFT JOIN projects USING (place)
    ORDER BY source
    ON CONFLICT (source_id, model) DO UPDATE SET
      kind = excluded.kind, content = excluded.content, language = excluded.language,
      content_hash = excluded.content_hash, revision = excluded.revision, visibility = excluded.visibility,
      person_ids = excluded.person_ids, project_ids = excluded.project_ids, occurred_at = excluded.occurred_at,
      embedding = excluded.embedding, updated_at = now()
    WHERE e.revision < excluded.revision
    RETURNING source_id
  )
  SELECT coalesce(array_agg(source_id), '{}') INTO v_stored FROM stored;

  PERFORM FROM search_documents WHERE source_id = ANY (v_stored) ORDER BY source_id FOR UPDATE;
  WITH lengths AS (
    SELECT place, sum(frequency) AS length FROM unnest(p_terms_of, p_frequencies) AS t (place, frequency) GROUP BY place
  ), fresh AS (
    SELECT place, abs(hashtext(source::text) % 16) AS shard, (d.length IS NULL)::integer AS documents,
      coalesce(lengths.length, 0) - coalesce(d.length, 0) AS words
    FROM unnest(p_sources, p_revisions) WITH ORDINALITY AS t (source, revision, place)
      LEFT JOIN lengths USING (place) LEFT JOIN search_documents AS d ON d.source_id = source
    WHERE source = ANY (v_stored) AND (d.revision IS NULL OR d.revision < t.revision)
  ), shards AS (
    SELECT shard, sum(documents) AS documents, sum(words) AS words FROM fresh GROUP BY shard
  )
  SELECT (SELECT coalesce(array_agg(place), '{}') FROM fresh), array_agg(shard), array_agg(documents), array_agg(words)
    INTO v_fresh, v_shards, v_documents, v_words FROM shards;

  DELETE FROM search_postings WHERE source_id IN (SELECT p_sources[place] FROM unnest(v_fresh) AS place);
  INSERT INTO search_postings (term, source_id, frequency, length)
    SELECT term, p_sources[place], frequency, sum(frequency) OVER (PARTITION BY place)
    FROM unnest(p_terms_of, p_terms, p_frequencies) AS t (place, term, frequency) WHERE place = ANY (v_fresh);
  INSERT INTO search_documents (source_id, revision, length)
    SELECT p_sources[place], p_revisions[place], (
      SELECT coalesce(sum(frequency), 0) FROM unnest(p_terms_of, p_frequencies) AS t (of_place, frequency)
      WHERE of_place = place
    ) FROM unnest(v_fresh) AS place ORDER BY p_sources[place]
    ON CONFLICT (source_id) DO UPDATE SET revision = excluded.revision, length = excluded.length;

  PERFORM FROM search_statistics WHERE shard = ANY (v_shards) ORDER BY shard FOR UPDATE;
  UPDATE search_statistics AS s SET documents = s.documents + t.documents, words = s.words + t.words
    FROM unnest(v_shards, v_documents, v_words) AS t (shard, documents, words) WHERE s.shard = t.shard;
  RETURN v_stored;
END
$$;
