"""ITU-R P.1812-8: loss of one path over its profile, 30 MHz to 6 GHz, 1 to 50 % of time."""
