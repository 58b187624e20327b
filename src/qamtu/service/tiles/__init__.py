"""Vector tiles of plans and of the country: cut once into a PMTiles archive, then read from it.

``layers`` says what is drawn from which table, ``cut`` makes the tiles, ``archive`` writes and
reads PMTiles, ``repository`` keeps archives beside the plans, ``endpoints`` serves them.
"""
