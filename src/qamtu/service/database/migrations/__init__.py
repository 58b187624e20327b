"""The steps that bring a database from nothing to its newest form."""
