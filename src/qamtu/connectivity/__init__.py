"""Connectivity: the lines that plan and measure networks."""
