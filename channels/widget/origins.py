"""Which sites may use the widget: this server's own pages, and those that the administrator names."""

from __future__ import annotations

from sanic import Request
from sanic.response import HTTPResponse

from channels.origins import is_origin, origins


class Origins:
    """An allow-list of origins (RFC 6454), such as ``https://www.example.fr``.

    Args:
        listed: origins, separated by commas or blanks; the server's own is always allowed.

    Raises:
        ValueError: one of them is no origin: it has a path, a star, or no scheme.
    """

    def __init__(self, listed: str = "") -> None:
        self._listed = set(origins(listed, "AIGUILLEUR_WIDGET_ORIGINS"))

    def allows(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of this origin may talk to this server.

        A request without an origin is no page of another site: browsers name it wherever it matters.

        Args:
            origin: the header ``Origin``.
            host: the header ``Host``. Schemes are not compared: behind a proxy, this server does not know its own.
        """
        if not origin or origin in self._listed:
            return True
        return is_origin(origin) and origin.split("://")[1] == host

    def allows_request(self, request: Request) -> bool:
        """Whether a request comes from a page that may."""
        return self.allows(request.headers.get("origin"), request.headers.get("host"))

    def add_headers(self, request: Request, answer: HTTPResponse) -> None:
        """Let the browser give the answer to the page that asked, if it may (CORS)."""
        origin = request.headers.get("origin")
        if origin and self.allows_request(request):
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
            answer.headers["Access-Control-Allow-Methods"] = "POST"
            answer.headers["Access-Control-Max-Age"] = "86400"
        answer.headers["Vary"] = "Origin"
