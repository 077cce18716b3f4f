"""Process entry points: the agents' worker and the bridge."""
