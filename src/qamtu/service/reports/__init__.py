"""Reports to the session of the Government: made from the board, kept, and filed in the log."""
