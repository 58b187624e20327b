"""The database: one declarative base, one engine, one session a request."""
