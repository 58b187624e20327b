"""Contradictions, found by rule: one function a rule, each gives what it found and raises nothing.

What enters are commitments with what is known of them at one scope. What leaves are
contradictions with the values that their words need and the records that they rest on.
"""

from qamtu.programme.contradictions.find import find_contradictions
from qamtu.programme.contradictions.record import Contradiction

__all__ = ["Contradiction", "find_contradictions"]
