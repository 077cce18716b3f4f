"""Kafka: the codec with its schema registry, the publisher, facts and dead letters."""
