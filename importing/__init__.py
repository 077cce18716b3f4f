"""Files of rows: how a table is read, what its columns mean, and what becomes of rows that are refused."""
