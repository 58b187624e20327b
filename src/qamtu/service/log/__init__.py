"""The log in the database: entries, tree, signed heads, and the figures they prove."""
