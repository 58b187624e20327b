"""The log with a million entries: appends, proofs, heads."""
