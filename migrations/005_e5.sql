-- The local model that replaces all-MiniLM-L6-v2; narrow for the same reason. What the former one made keeps its index
-- and its name: vectors of two models never meet.
CREATE INDEX embeddings_multilingual_e5_small ON knowledge_snippet_embeddings
  USING hnsw ((subvector(embedding, 1, 384)::halfvec(384)) halfvec_cosine_ops) WHERE model = 'multilingual-e5-small';
