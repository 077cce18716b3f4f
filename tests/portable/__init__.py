"""``make portable``: the product started on every kind of machine that one Linux machine can pretend to be."""
