"""A made bucket on this machine: ranges, entity tags, faults on order."""

from __future__ import annotations

import hashlib
import re
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Bucket:
    """Files by path; what goes wrong is told by path, once each."""

    def __init__(self, files):
        self.files = dict(files)
        self.asked = []  # (path, Range header)
        self.cut = {}  # path -> bytes after which the connection breaks
        self.answers = {}  # path -> statuses to give first
        self.tags = {}  # path -> entity tag in place of the MD5
        self.hold = {}  # path -> bytes after which the server says nothing until it is let go
        self.let_go = threading.Event()
        self.url = ""

    def tag(self, path):
        made = hashlib.md5(self.files[path]).hexdigest()
        return self.tags.get(path, f'"{made}"')


@contextmanager
def serve(files):
    """Serve files on a free port of this machine."""
    bucket = Bucket(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path, span = self.path.lstrip("/"), self.headers.get("Range")
            bucket.asked.append((path, span))
            if bucket.answers.get(path):
                self.send_error(bucket.answers[path].pop(0))
                return
            if path not in bucket.files:
                self.send_error(404)
                return
            body, tag, start = bucket.files[path], bucket.tag(path), 0
            if span and self.headers.get("If-Range") in (None, tag):
                start = int(re.match(r"bytes=(\d+)-", span)[1])
                if start >= len(body):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(body) - start))
            self.send_header("ETag", tag)
            self.end_headers()
            end = bucket.cut.pop(path, len(body))
            if path in bucket.hold:
                middle = bucket.hold.pop(path)
                self.wfile.write(body[start:middle])
                self.wfile.flush()
                bucket.let_go.wait(30.0)
                start = middle
            with suppress(ConnectionError):
                self.wfile.write(body[start:end])

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield bucket
    finally:
        bucket.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
