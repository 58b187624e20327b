"""Steiner tree solvers side by side: published instances, one run, one table."""
