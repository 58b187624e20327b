"""Radio propagation on plain arrays: one file a recommendation, its edition in the text."""
