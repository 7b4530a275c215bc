"""Who may ask what: bearer tokens (RFC 6750), each with a role."""

from __future__ import annotations

import hashlib
from enum import IntEnum
from http import HTTPStatus

from limits import RateLimitItemPerMinute
from sanic import Request

from channels import texts
from channels.guard import Refused, check_rate

#: Characters that a token must have, so that it cannot be guessed.
TOKEN_CHARACTERS = 32
#: Requests with one token: a whole team's desk may use one.
REQUESTS = RateLimitItemPerMinute(1200)
#: Requests from one address whose token is not known.
STRANGERS = RateLimitItemPerMinute(600)


class Role(IntEnum):
    """What a token is for; a supervisor may do what an agent may."""

    AGENT = 1
    SUPERVISOR = 2


class Access:
    """The tokens.

    Args:
        agents: tokens of agents, separated by commas.
        supervisors: tokens of supervisors, likewise.
        is_open: whether agents need none (development only).

    Raises:
        ValueError: a token is too short, or has two roles.
    """

    def __init__(self, agents: str, supervisors: str, is_open: bool = False) -> None:
        self._roles: dict[str, Role] = {}
        self._is_open = is_open
        for listed, role in ((agents, Role.AGENT), (supervisors, Role.SUPERVISOR)):
            variable = f"AIGUILLEUR_ASSIST_{role.name}_TOKENS"
            for token in filter(None, (token.strip() for token in listed.split(","))):
                if len(token) < TOKEN_CHARACTERS or not token.isascii():
                    raise ValueError(f"{variable}: each token needs at least {TOKEN_CHARACTERS} ASCII characters.")
                if self._roles.setdefault(_digest(token), role) != role:
                    raise ValueError(f"{variable}: a token of agents is none of supervisors.")

    @property
    def is_on(self) -> bool:
        """Whether anybody may ask anything."""
        return bool(self._roles) or self._is_open

    @property
    def secret(self) -> bytes:
        """What nobody else knows, as long as the tokens stay the same."""
        return "".join(sorted(self._roles)).encode()

    def check(self, request: Request, needed: Role) -> None:
        """Let a request pass whose token has the role that is needed.

        Raises:
            Refused: it has none that is known (401) or that may do this (403), or asks too often (429).
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = _digest(token.strip()) if scheme.lower() == "bearer" else ""
        role = self._roles.get(given)
        if role is None and self._is_open and not scheme:
            role, given = Role.AGENT, "open"
        if role is None:
            check_rate(STRANGERS, "agent_assist", "strangers", str(request.remote_addr or request.ip))
            raise Refused(texts.text("utter_token_unknown"), HTTPStatus.UNAUTHORIZED)
        check_rate(REQUESTS, "agent_assist", "token", given)
        if role < needed:
            raise Refused(texts.text("utter_token_not_for_this"), HTTPStatus.FORBIDDEN)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()  # Sanic reads other bytes as lone surrogates
