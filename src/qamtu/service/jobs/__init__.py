"""Jobs: long runs asked for on a page or by the API, done by a worker, kept until approved."""
