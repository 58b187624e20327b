"""Whether the service is well, and what it counts."""
