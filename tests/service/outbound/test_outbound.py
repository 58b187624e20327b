"""The guard before requests: what is public, real servers on this machine, redirects, limits."""

from __future__ import annotations

import http.server
import threading
import time

import pytest

from qamtu.service.outbound import Unreachable, fetch
from qamtu.service.outbound.guard import Refusal, judged, public
from qamtu.service.settings import Settings


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        port = self.server.server_address[1]
        if self.path == "/inside":
            self._lead(f"http://localhost:{port}/")
        elif self.path == "/round":
            self._lead("/round")
        elif self.path == "/file":
            self._lead("file:///etc/passwd")
        elif self.path == "/large":
            self._say(b"x" * 5000)
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(20):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        else:
            self._say(b"hello")

    def _lead(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def _say(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words) -> None:
        pass


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, *words) -> None:
        pass


@pytest.fixture(scope="module")
def port():
    with Quiet(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def open_to(tmp_path):
    return Settings(data=tmp_path, insecure_fetch_hosts=("127.0.0.1",))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"],
)  # fmt: skip
def test_these_are_not_public(address) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_these_are_public(address) -> None:
    assert public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
def test_a_server_of_this_machine_is_out_of_reach(tmp_path, port, host) -> None:
    with pytest.raises(Unreachable):
        fetch(Settings(data=tmp_path), f"http://{host}:{port}/")


def test_unless_the_settings_name_it(open_to, port) -> None:
    answer = fetch(open_to, f"http://127.0.0.1:{port}/")
    assert (answer.status, answer.content) == (200, b"hello")


@pytest.mark.parametrize("path", ["inside", "round", "file"])
def test_redirects_are_judged_anew(open_to, port, path) -> None:
    with pytest.raises(Unreachable):
        fetch(open_to, f"http://127.0.0.1:{port}/{path}")


def test_answers_have_a_size_and_a_time(open_to, port) -> None:
    with pytest.raises(Unreachable, match="larger"):
        fetch(open_to, f"http://127.0.0.1:{port}/large", limit_bytes=1000)
    with pytest.raises(Unreachable):
        fetch(open_to, f"http://127.0.0.1:{port}/slow", limit_s=0.5)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a/", "http://", "http://a:b@c/", "nonsense", "http://x:99999/"],
)
def test_what_is_no_address_of_the_web_is_not_fetched(open_to, url) -> None:
    with pytest.raises(Unreachable):
        fetch(open_to, url)


def test_unknown_hosts_are_refused() -> None:
    with pytest.raises(Refusal):
        judged("does-not-exist.invalid", 80, ())
