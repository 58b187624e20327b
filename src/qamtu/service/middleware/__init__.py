"""What every request passes on its way in and out, in plain ASGI.

From without to within: the true address (`proxied`), id, log line and measures (`watched`),
headers of security (`headers`), limits of requests (`limited`), compression, the edge that answers
errors, then what accounts add.
"""
