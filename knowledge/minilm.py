"""The former local model: texts it has embedded are keyed by its name until they are embedded anew."""

MODEL = "all-MiniLM-L6-v2"
