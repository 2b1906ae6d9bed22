"""The services around signatures, real over HTTP on loopback: timestamps by openssl, revocations, remote signing."""

import base64
import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from motcua.signatures.testing import Identity
from support.signatures import der

TOKEN = "mat-khau-dich-vu"
_CONF = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""


class Services:
    """What the services do, and how they misbehave when they are told to."""

    def __init__(self, folder: Path, stamper: Identity, signer: Identity | None = None) -> None:
        self.folder, self.stamper, self.signer = folder, stamper, signer
        self.crl = b""
        self.away = self.odd = False
        self.asked: list[dict[str, Any]] = []
        self.write()

    def write(self) -> None:
        """What openssl reads."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "tsa.pem").write_bytes(self.stamper.pem())
        (self.folder / "tsa.key").write_bytes(self.stamper.key_pem())
        (self.folder / "tsa.cnf").write_text(_CONF.format(folder=self.folder), encoding="ascii")

    def stamp(self, query: bytes) -> bytes:
        """A timestamp by openssl."""
        (self.folder / "query").write_bytes(query)
        command = [
            "openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-signer", "tsa.pem",
            "-inkey", "tsa.key", "-out", "reply",
        ]  # fmt: skip
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "reply").read_bytes()

    def sign(self, path: str, asked: dict[str, Any], token: str | None) -> tuple[int, Any]:
        """What a service of the CSC API answers."""
        self.asked.append(asked)
        if token != f"Bearer {TOKEN}" or self.signer is None or asked.get("credentialID") != "ma-1":
            return 401, {"error": "invalid"}
        if self.odd:
            return 200, {"signatures": ["không phải base64"], "cert": {"certificates": ["!"]}}
        if path.endswith("credentials/info"):
            return 200, {"cert": {"certificates": [base64.b64encode(der(self.signer)).decode()]}}
        digest = base64.b64decode(asked["hash"][0])
        signature = self.signer.key.sign(digest, PKCS1v15(), Prehashed(hashes.SHA256()))
        return 200, {"signatures": [base64.b64encode(signature).decode()]}


@contextmanager
def serving(services: Services) -> Iterator[str]:
    """The services on a free port; gives their address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if services.away:
                self.answer(503, b"", "text/plain")
            elif self.path == "/tsa":
                self.answer(200, services.stamp(body), "application/timestamp-reply")
            else:
                code, said = services.sign(self.path, json.loads(body), self.headers.get("Authorization"))
                self.answer(code, json.dumps(said).encode(), "application/json")

        def do_GET(self) -> None:
            self.answer(503 if services.away else 200, services.crl, "application/pkix-crl")

        def answer(self, code: int, body: bytes, kind: str) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
