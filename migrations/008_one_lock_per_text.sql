-- Every writer of a text takes its place among the documents first, in the order of ids: two models' workers, or two
-- tries of one, never meet half-way. Functions keep their names and arguments, so that processes of an earlier version
-- are under the same order.

-- Takes the places of some texts; one that is not there yet is made, as older than any revision.
CREATE FUNCTION lock_documents(p_sources uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_locked bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7204032, bucket)
    FROM (SELECT DISTINCT withdrawal_lock(source) AS bucket FROM unnest(p_sources) AS source ORDER BY 1) AS buckets;
  LOOP
    INSERT INTO search_documents (source_id, revision, length)
      SELECT DISTINCT source, -1, 0 FROM unnest(p_sources) AS source
      WHERE NOT EXISTS (SELECT FROM withdrawn_sources AS w WHERE w.source_id = source)
        AND NOT EXISTS (SELECT FROM search_documents AS d WHERE d.source_id = source)
      ORDER BY source
      ON CONFLICT DO NOTHING;
    PERFORM FROM search_documents WHERE source_id = ANY (p_sources) ORDER BY source_id FOR UPDATE;
    GET DIAGNOSTICS v_locked = ROW_COUNT;
    EXIT WHEN v_locked >= (  -- unless one was forgotten meanwhile
      SELECT count(DISTINCT source) FROM unnest(p_sources) AS source
      WHERE NOT EXISTS (SELECT FROM withdrawn_sources AS w WHERE w.source_id = source)
    );
  END LOOP;
END
$$;

-- An older revision that another model's worker writes late says what the newest one says, and is seen by whom that is.
CREATE FUNCTION say_as_newest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_newest knowledge_snippet_embeddings;
BEGIN
  SELECT * INTO v_newest FROM knowledge_snippet_embeddings
    WHERE source_id = NEW.source_id AND model <> NEW.model AND revision > NEW.revision
    ORDER BY revision DESC LIMIT 1;
  IF FOUND THEN
    NEW.kind := v_newest.kind;
    NEW.content := v_newest.content;
    NEW.language := v_newest.language;
    NEW.visibility := v_newest.visibility;
    NEW.person_ids := v_newest.person_ids;
    NEW.project_ids := v_newest.project_ids;
    NEW.occurred_at := v_newest.occurred_at;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER say_as_newest BEFORE INSERT ON knowledge_snippet_embeddings
  FOR EACH ROW EXECUTE FUNCTION say_as_newest();

-- What stands otherwise from before.
UPDATE knowledge_snippet_embeddings AS e SET
  kind = n.kind, content = n.content, language = n.language, visibility = n.visibility,
  person_ids = n.person_ids, project_ids = n.project_ids, occurred_at = n.occurred_at
FROM (
  SELECT DISTINCT ON (source_id) * FROM knowledge_snippet_embeddings ORDER BY source_id, revision DESC
) AS n
WHERE e.source_id = n.source_id AND e.revision < n.revision
  AND (e.content, e.visibility, e.person_ids) IS DISTINCT FROM (n.content, n.visibility, n.person_ids);

CREATE OR REPLACE FUNCTION index_snippets(
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
  PERFORM lock_documents(p_sources);
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

  WITH lengths AS (
    SELECT place, sum(frequency) AS length FROM unnest(p_terms_of, p_frequencies) AS t (place, frequency) GROUP BY place
  ), fresh AS (
    SELECT place, abs(hashtext(source::text) % 16) AS shard, (d.revision < 0)::integer AS documents,
      coalesce(lengths.length, 0) - d.length AS words
    FROM unnest(p_sources, p_revisions) WITH ORDINALITY AS t (source, revision, place)
      JOIN search_documents AS d ON d.source_id = source LEFT JOIN lengths USING (place)
    WHERE d.revision < t.revision
  ), shards AS (
    SELECT shard, sum(documents) AS documents, sum(words) AS words FROM fresh GROUP BY shard
  )
  SELECT (SELECT coalesce(array_agg(place), '{}') FROM fresh), array_agg(shard), array_agg(documents), array_agg(words)
    INTO v_fresh, v_shards, v_documents, v_words FROM shards;

  DELETE FROM search_postings WHERE source_id IN (SELECT p_sources[place] FROM unnest(v_fresh) AS place);
  INSERT INTO search_postings (term, source_id, frequency, length)
    SELECT term, p_sources[place], frequency, sum(frequency) OVER (PARTITION BY place)
    FROM unnest(p_terms_of, p_terms, p_frequencies) AS t (place, term, frequency) WHERE place = ANY (v_fresh);
  UPDATE search_documents AS d SET revision = p_revisions[place], length = (
      SELECT coalesce(sum(frequency), 0) FROM unnest(p_terms_of, p_frequencies) AS t (of_place, frequency)
      WHERE of_place = place
    ) FROM unnest(v_fresh) AS place WHERE d.source_id = p_sources[place];

  PERFORM FROM search_statistics WHERE shard = ANY (v_shards) ORDER BY shard FOR UPDATE;
  UPDATE search_statistics AS s SET documents = s.documents + t.documents, words = s.words + t.words
    FROM unnest(v_shards, v_documents, v_words) AS t (shard, documents, words) WHERE s.shard = t.shard;
  RETURN v_stored;
END
$$;

-- One text is many of which there is one.
CREATE OR REPLACE FUNCTION index_snippet(
  p_source uuid, p_kind text, p_content text, p_language text, p_model text, p_hash text, p_revision bigint,
  p_visibility text, p_people uuid[], p_projects uuid[], p_occurred timestamptz, p_embedding halfvec,
  p_terms text[], p_frequencies integer[]
) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN cardinality(index_snippets(
    p_model, ARRAY[p_source], ARRAY[p_kind], ARRAY[p_content], ARRAY[p_language], ARRAY[p_hash], ARRAY[p_revision],
    ARRAY[p_visibility], ARRAY[p_occurred], ARRAY[p_embedding],
    array_fill(1, ARRAY[cardinality(p_people)]), p_people, array_fill(1, ARRAY[cardinality(p_projects)]), p_projects,
    array_fill(1, ARRAY[cardinality(p_terms)]), p_terms, p_frequencies
  )) > 0 THEN 'stored' ELSE 'same' END
$$;

CREATE OR REPLACE FUNCTION forget_snippet(p_source uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_length integer;
  v_revision bigint;
BEGIN
  PERFORM FROM search_documents WHERE source_id = p_source FOR UPDATE;
  DELETE FROM knowledge_snippet_embeddings WHERE source_id = p_source;
  DELETE FROM search_postings WHERE source_id = p_source;
  DELETE FROM search_documents WHERE source_id = p_source RETURNING length, revision INTO v_length, v_revision;
  IF v_revision >= 0 THEN
    UPDATE search_statistics SET documents = documents - 1, words = words - v_length
    WHERE shard = abs(hashtext(p_source::text) % 16);
  END IF;
END
$$;
