"""Exchange for everybody: what is published, as files that other programs read."""
