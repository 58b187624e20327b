"""Tiles of a plan: from the archive, cut anew for each request, and all at once as GeoJSON."""
