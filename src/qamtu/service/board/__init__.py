"""The board and its pages: every commitment, one commitment, the regions, one region."""
