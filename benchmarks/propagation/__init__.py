"""Propagation models against itmlogic and pycraf on the same input in the same run."""
