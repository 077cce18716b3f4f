"""The gateway: authenticates, validates, starts workflows and reads; it holds no state."""
