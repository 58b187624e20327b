"""Plans of made countries against their size, and of the real one against the public planners."""
