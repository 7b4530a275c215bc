"""The files of the widget: its script, and a page to see it on. In memory, compressed once."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path

from sanic import Request, response
from sanic.response import HTTPResponse

FOLDER = Path(__file__).resolve().parent / "static"
_TYPES = {".js": "text/javascript", ".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml"}
#: Everything from this server, nothing inline: the widget must live with that, so its own page shows that it does.
_PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"


class Asset:
    """A file of ``static/``, as it is sent.

    Args:
        name: the file's name.
    """

    def __init__(self, name: str) -> None:
        body = (FOLDER / name).read_bytes()
        if name.endswith(".html"):
            body = body.replace(b"{{ integrity }}", integrity().encode()).replace(b"{{ version }}", version().encode())
        self._body, self._compressed = body, gzip.compress(body, mtime=0)
        self._type = _TYPES[Path(name).suffix]
        self._tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'

    def answer(self, request: Request) -> HTTPResponse:
        """The file, or 304 if the browser has it already."""
        headers = {
            "ETag": self._tag,
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if self._type == "text/html":
            headers |= {"Content-Security-Policy": _PAGE_POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}
        else:
            # A script with an integrity hash is read across sites only with this (Subresource Integrity, section 3.5).
            headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
        if request.headers.get("if-none-match") == self._tag:
            return response.empty(304, headers)
        compressed = "gzip" in request.headers.get("accept-encoding", "")
        if compressed:
            headers["Content-Encoding"] = "gzip"
        body = self._compressed if compressed else self._body
        return response.raw(body, headers=headers, content_type=f"{self._type}; charset=utf-8")


def integrity() -> str:
    """Hash of the script, for the attribute ``integrity`` of its tag (Subresource Integrity)."""
    digest = hashlib.sha384((FOLDER / "aiguilleur.js").read_bytes()).digest()
    return "sha384-" + base64.b64encode(digest).decode()


def version() -> str:
    """A mark of the script's content, for its address: browsers keep the script, and must not keep an older one."""
    return hashlib.sha256((FOLDER / "aiguilleur.js").read_bytes()).hexdigest()[:8]
