"""Commitments, claims, evidence, comments and organisations: filed, corrected, decided, read.

Nothing is changed in place: a correction is a new version of the same record, and each version is
an entry of the log, written in the same transaction.
"""
