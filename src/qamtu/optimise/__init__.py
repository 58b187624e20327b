"""Optimisation by the shape of the problem; every answer carries its proven bound."""
