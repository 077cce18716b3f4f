"""Kafka: the codec with its schema registry, the publisher, change records and dead letters."""
