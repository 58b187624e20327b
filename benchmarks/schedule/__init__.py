"""Phasing of made forests: qamtu against a plain mixed-integer model of the same problem."""
