"""Session tokens: who may go on with which conversation. JSON Web Tokens (RFC 7519), signed with HS256."""

from __future__ import annotations

import time
import uuid
from typing import Any

import jwt

#: Seconds that a token lasts; one in use is renewed once half of them are over.
LIFETIME = 7 * 24 * 3600
#: Characters that a secret must have: as many bytes as the hash of HS256 (RFC 7518, section 3.2).
SECRET_CHARACTERS = 32
_ALGORITHM = "HS256"
_AUDIENCE = "aiguilleur-widget"
_CLAIMS = ["sub", "aud", "iat", "exp"]


class Sessions:
    """Issues and reads tokens.

    Args:
        secret: what they are signed with, at least 32 characters.

    Raises:
        ValueError: the secret is too short.
    """

    def __init__(self, secret: str) -> None:
        if len(secret) < SECRET_CHARACTERS:
            raise ValueError(f"AIGUILLEUR_WIDGET_SECRET needs at least {SECRET_CHARACTERS} characters.")
        self._secret = secret

    def issue(self, conversation: str | None = None) -> str:
        """A token for a conversation, or for a new one."""
        now = int(time.time())
        claims = {
            "sub": conversation or f"widget:{uuid.uuid4().hex}",
            "aud": _AUDIENCE,
            "iat": now,
            "exp": now + LIFETIME,
        }
        return jwt.encode(claims, self._secret, _ALGORITHM)

    def conversation(self, token: object) -> str | None:
        """The conversation that a token is for, or None: it is not ours, was changed, or has expired."""
        claims = self._claims(token)
        return str(claims["sub"]) if claims else None

    def renewed(self, token: object) -> str:
        """The same token, one that lasts longer for the same conversation, or one for a new conversation."""
        claims = self._claims(token)
        if claims is None:
            return self.issue()
        is_young = int(claims["exp"]) - time.time() > LIFETIME / 2
        return str(token) if is_young else self.issue(str(claims["sub"]))

    def _claims(self, token: object) -> dict[str, Any] | None:
        if not isinstance(token, str):
            return None
        try:
            return jwt.decode(token, self._secret, [_ALGORITHM], options={"require": _CLAIMS}, audience=_AUDIENCE)
        except jwt.InvalidTokenError:
            return None
