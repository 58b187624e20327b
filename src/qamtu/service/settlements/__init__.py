"""Settlements for citizens: search, and what is planned in one, when, how sure, whom to ask."""
