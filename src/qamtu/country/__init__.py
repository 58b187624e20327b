"""The country pack: raw tables, readers of users' files, builders and the built tables.

What enters are source files with a catalogue, or a user's own tables. What leaves are tables
that hold the contracts in ``schemas``, with parameters, sources and findings.
"""

from qamtu.country.build import build_pack
from qamtu.country.pack import Pack, catalogue, load_pack

__all__ = ["Pack", "build_pack", "catalogue", "load_pack"]
