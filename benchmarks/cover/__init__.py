"""Covering: OR-Library's instances and made ones, qamtu against public peers in one run."""
