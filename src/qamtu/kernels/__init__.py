"""Numerical kernels: compiled functions on plain arrays and numbers, nothing else."""
