"""The map: regions coloured by a measure, the layers of all plans, a table that says the same."""
