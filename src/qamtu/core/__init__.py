"""What every room shares: contracts, units, money, parameters, findings, provenance, errors."""
