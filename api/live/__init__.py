"""What happens, as it happens: pages, server-sent events and a WebSocket of one and the same events."""
