"""Studies: recipes that compose lines and a country pack into something a person runs."""
