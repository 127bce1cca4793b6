"""The subject itself: people, editions, exchange, matching, nudges. Pure: standard library and pydantic only."""
