"""Plans: finished studies that the service keeps, publishes and reads for its pages.

``store`` keeps their files by content, ``repository`` their rows, ``measures`` turns what they
promise into evidence, ``queries`` reads their tables.
"""
