-- Texts that are out of search for good. A source that stands here is stored by no writer, however late one comes.
CREATE TABLE withdrawn_sources (
  source_id uuid PRIMARY KEY,
  withdrawn_at timestamptz NOT NULL DEFAULT now()
);

-- Writers of a source share its lock, its withdrawal has it alone. It is one of 256, so that a transaction of any number
-- of texts needs no more, and by the first byte, so that texts stored in the order of their ids lock in one order.
CREATE FUNCTION withdrawal_lock(p_source uuid) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT get_byte(uuid_send(p_source), 0)
$$;

CREATE FUNCTION leave_out_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7204032, withdrawal_lock(NEW.source_id));
  IF EXISTS (SELECT FROM withdrawn_sources WHERE source_id = NEW.source_id) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END
$$;

-- index_snippet and index_snippets begin with this row: without it they answer as for a revision that is not newer.
CREATE TRIGGER leave_out_withdrawn BEFORE INSERT ON knowledge_snippet_embeddings
  FOR EACH ROW EXECUTE FUNCTION leave_out_withdrawn();

-- Takes a text out: vectors, words and its share of the statistics; a later revision is stored again.
CREATE FUNCTION forget_snippet(p_source uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_length integer;
BEGIN
  DELETE FROM knowledge_snippet_embeddings WHERE source_id = p_source;
  DELETE FROM search_postings WHERE source_id = p_source;
  DELETE FROM search_documents WHERE source_id = p_source RETURNING length INTO v_length;
  IF FOUND THEN
    UPDATE search_statistics SET documents = documents - 1, words = words - v_length
    WHERE shard = abs(hashtext(p_source::text) % 16);
  END IF;
END
$$;

-- Takes a text out for good.
CREATE FUNCTION withdraw_snippet(p_source uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7204032, withdrawal_lock(p_source));
  INSERT INTO withdrawn_sources (source_id) VALUES (p_source) ON CONFLICT DO NOTHING;
  PERFORM forget_snippet(p_source);
END
$$;
