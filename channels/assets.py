"""Files that browsers load: in memory, compressed once."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

_TYPES = {".js": "text/javascript", ".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml"}


class Asset:
    """A file, as it is sent.

    Args:
        path: where it is.
        values: what stands for ``{{ name }}`` in a page.
        frames: which origins may show a page in a frame, as ``frame-ancestors`` has it (Content Security Policy 3).
        shared: whether pages of other sites load it; a script with an integrity hash is read across sites only with
            headers that say so (Subresource Integrity, section 3.5).
    """

    def __init__(self, path: Path, values: Mapping[str, str] | None = None, frames: str = "'none'", shared: bool = False) -> None:
        body = path.read_bytes()
        for name, value in (values or {}).items():
            body = body.replace(f"{{{{ {name} }}}}".encode(), value.encode())
        self._body, self._compressed = body, gzip.compress(body, mtime=0)
        self._type = _TYPES[path.suffix]
        self._headers = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
            "Cache-Control": "public, max-age=300" if shared else "no-cache",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if self._type == "text/html":
            # Everything from this server, nothing inline.
            policy = f"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {frames}; object-src 'none'"
            self._headers |= {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}
        elif shared:
            self._headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

    def answer(self, request: Request) -> HTTPResponse:
        """The file, or 304 if the browser has it already."""
        headers = dict(self._headers)
        if request.headers.get("if-none-match") == headers["ETag"]:
            return response.empty(304, headers)
        compressed = "gzip" in request.headers.get("accept-encoding", "")
        if compressed:
            headers["Content-Encoding"] = "gzip"
        body = self._compressed if compressed else self._body
        return response.raw(body, headers=headers, content_type=f"{self._type}; charset=utf-8")


def serve(blueprint: Blueprint, address: str, asset: Asset) -> None:
    """Make a blueprint send a file."""

    @blueprint.get(address, name=f"file_{address[1:]}")
    async def send(request: Request) -> HTTPResponse:
        return asset.answer(request)
