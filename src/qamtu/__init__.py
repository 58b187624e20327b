"""Plan, measure and account for a country's universal digital access."""

__version__ = "0.1.0"
