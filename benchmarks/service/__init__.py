"""The service under load: pages of a full board, from a database of made evidence."""
