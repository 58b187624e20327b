"""A time-stamp authority of OpenSSL in a folder: a root, a signing certificate, answers."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CONFIG = """
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    """A folder that answers requests."""

    folder: Path
    root_pem: str

    def answer(self, request: bytes) -> bytes:
        """Stamp one request (DER) with ``openssl ts``."""
        (self.folder / "request").write_bytes(request)
        subprocess.run(
            ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request", "-out", "answer"],
            check=True, capture_output=True, cwd=self.folder,
        )  # fmt: skip
        return (self.folder / "answer").read_bytes()


def make_authority(folder: Path) -> Authority:
    """Make keys, certificates and settings of an authority."""
    now = dt.datetime.now(dt.UTC)
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    root_name, name = (_name(text) for text in (f"Root of {folder.name}", "Time stamps"))

    def certificate(subject, public, extensions):
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM)

    root = certificate(root_name, root_key.public_key(), [x509.BasicConstraints(True, None)])
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    signer = certificate(name, key.public_key(), [x509.BasicConstraints(False, None), purpose])
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tsa.pem").write_bytes(signer)
    (folder / "tsa.key").write_bytes(secret)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_CONFIG)
    return Authority(folder, root.decode())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@contextmanager
def served(authority: Authority) -> Iterator[str]:
    """Answer over HTTP on a free port; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            if self.path != "/":
                self.send_error(501)
                return
            assert self.headers["Content-Type"] == "application/timestamp-query"
            answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format, *args):  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
