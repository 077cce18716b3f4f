-- What the words of a text become changes over the versions (decision 18): each text says in which form its postings
-- are, and the writer says in which it writes. A text of another form is indexed again by `trm migrate`.
ALTER TABLE search_documents ADD COLUMN form smallint NOT NULL DEFAULT 1;
CREATE INDEX search_documents_form ON search_documents (form, source_id);

-- A writer of an earlier version says nothing and writes form 1, also over a text that was in a later one.
CREATE FUNCTION stamp_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.form := coalesce(nullif(current_setting('trm.form', true), ''), '1')::smallint;
  RETURN NEW;
END
$$;
CREATE TRIGGER stamp_form BEFORE INSERT OR UPDATE ON search_documents
  FOR EACH ROW EXECUTE FUNCTION stamp_form();

-- Gives many texts their words anew; vectors stay. Locks are taken table by table and in order, as index_snippets does.
CREATE FUNCTION index_words(p_sources uuid[], p_terms_of integer[], p_terms text[], p_frequencies integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_postings WHERE source_id = ANY (p_sources);
  INSERT INTO search_postings (term, source_id, frequency, length)
    SELECT term, p_sources[place], frequency, sum(frequency) OVER (PARTITION BY place)
    FROM unnest(p_terms_of, p_terms, p_frequencies) AS t (place, term, frequency);

  PERFORM FROM search_statistics
    WHERE shard IN (SELECT abs(hashtext(source::text) % 16) FROM unnest(p_sources) AS source)
    ORDER BY shard FOR UPDATE;
  WITH lengths AS (
    SELECT place, sum(frequency) AS length FROM unnest(p_terms_of, p_frequencies) AS t (place, frequency) GROUP BY place
  ), changed AS (
    SELECT abs(hashtext(source::text) % 16) AS shard, sum(coalesce(lengths.length, 0) - d.length) AS words
    FROM unnest(p_sources) WITH ORDINALITY AS t (source, place)
      JOIN search_documents AS d ON d.source_id = source LEFT JOIN lengths USING (place)
    GROUP BY 1
  )
  UPDATE search_statistics AS s SET words = s.words + changed.words FROM changed WHERE s.shard = changed.shard;
  UPDATE search_documents AS d SET length = coalesce(
    (SELECT sum(frequency) FROM unnest(p_terms_of, p_frequencies) AS t (of_place, frequency) WHERE of_place = place), 0
  ) FROM unnest(p_sources) WITH ORDINALITY AS t (source, place) WHERE d.source_id = source;
END
$$;
