"""A real nginx with the site that deploy/nginx brings."""

import getpass
import os
import re
import shutil
import ssl
import subprocess
import time
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

from .pserve import ROOT, free_port

SITE = (ROOT / "deploy" / "nginx" / "shoptrack.conf").read_text()
PATIENCE = 120  # seconds after which an nginx that does not answer is given up
CERTIFICATE = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"


def program(name: str) -> str:
    """Return the path of a program; where it is missing, the test is skipped."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    return found or pytest.skip(f"{name} is missing")


class Nginx:
    """An nginx with the site in front of servers of ours.

    :param path: below which it shows them, as docs/deployment.md tells
    """

    def __init__(self, folder: Path, ports: list[int], path: str = ""):
        self.http, self.https = free_port(), free_port()
        self._program = program("nginx")
        pair = [folder / "fullchain.pem", folder / "privkey.pem"]
        command = f"{CERTIFICATE} -out {pair[0]} -keyout {pair[1]}"
        subprocess.run(command.split(), check=True, capture_output=True)
        self._file = folder / "nginx.conf"
        self._file.write_text(
            f"user {getpass.getuser()}; error_log {folder}/error.log; pid {folder}/nginx.pid; daemon off;\n"
            f"events {{}}\nhttp {{ access_log off; client_body_temp_path {folder}/body;\n"
            f"proxy_temp_path {folder}/proxy;\n{self._site(folder, ports, path)}\n}}\n"
        )

    def _site(self, folder: Path, ports: list[int], path: str) -> str:
        site = SITE
        for documented, port in zip((8001, 8002), ports, strict=True):
            site = site.replace(f"server 127.0.0.1:{documented} ", f"server 127.0.0.1:{port} ")
        site = re.sub(r"\n\s*listen \[::\].*", "", site)
        if path:
            for line, changed in (
                ("location / {", f"location {path}/ {{"),
                ("proxy_pass http://shoptrack;", "proxy_pass http://shoptrack/;"),
                ('X-Forwarded-Prefix "";', f"X-Forwarded-Prefix {path};"),
                ("location = /metrics {", f"location = {path}/metrics {{"),
            ):
                assert site.count(line) == 1, line
                site = site.replace(line, changed)
        site = site.replace("listen 80;", f"listen 127.0.0.1:{self.http};")
        site = site.replace("listen 443 ", f"listen 127.0.0.1:{self.https} ")
        return site.replace("/etc/letsencrypt/live/shop.example.com", str(folder))

    def check(self) -> None:
        """Have nginx read the site."""
        done = subprocess.run(
            [self._program, "-t", "-c", self._file], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> subprocess.Popen:
        """Start it, and wait until it listens."""
        process = subprocess.Popen([self._program, "-c", self._file])
        end = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < end:
            try:
                self.ask("GET", "/healthz")
            except OSError:
                time.sleep(0.05)
            else:
                return process
        process.terminate()
        pytest.fail("nginx does not answer")

    def ask(
        self, method: str, path: str, body: Any = None, *, secure: bool = False, **headers: str
    ):
        """Send a request, and return the answer and its body."""
        connection: HTTPConnection = HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE)
        if secure:
            trusting = ssl._create_unverified_context()
            connection = HTTPSConnection(
                "127.0.0.1", self.https, timeout=PATIENCE, context=trusting
            )
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Host": "localhost", **sent})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        return answer, said
