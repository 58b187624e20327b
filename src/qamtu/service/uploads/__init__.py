"""Uploads: documents kept by their hash, tables of measurements, evidence filed and reviewed."""
