"""What exists: nodes, relations, lifecycles, events and scopes, declared once; every contract comes from here."""
