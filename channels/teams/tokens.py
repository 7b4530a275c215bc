"""Tokens: who speaks to us is Microsoft, and Microsoft knows that we are the bot."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from pathlib import Path
from typing import Any

import jwt
import msal
import requests
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from channels.inbox import Later

logger = logging.getLogger(__name__)

#: Seconds that a request to Microsoft may take.
SECONDS = 10
#: Microsoft's keys are asked for again after a day, and for an unknown one, but not more often than that.
KEYS_LIVE, KEYS_REST = 24 * 3600, 60
#: Seconds until they are asked for again when that failed.
FAILED_REST = 5
#: Seconds by which Microsoft's clock and ours may differ; its own libraries allow as much.
LEEWAY = 300
#: The channel that a key must be endorsed for.
TEAMS = "msteams"


class Keys:
    """Keys that Microsoft signs messages from Teams with; asked for when the first message comes.

    PyJWT's own client for such keys does not know endorsements, and while Microsoft is away, or is asked about keys that
    do not exist, it makes those wait whose key is known.

    Args:
        metadata: address of the document that tells where the keys are.
    """

    def __init__(self, metadata: str) -> None:
        self._metadata = metadata
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked_at = self._told_at = -math.inf
        self._asking = asyncio.Lock()

    async def key(self, name: str) -> jwt.PyJWK:
        """The key with this id (``kid``).

        Raises:
            jwt.PyJWKClientConnectionError: Microsoft cannot be asked now.
            jwt.PyJWKClientError: Microsoft has no such key for Teams.
        """
        if self._must_ask(name):
            async with self._asking:
                if self._must_ask(name):
                    await self._ask()
        if name in self._keys:  # an old one, if need be, while Microsoft is away
            return self._keys[name]
        if self._told_at < self._asked_at:
            raise jwt.PyJWKClientConnectionError("Microsoft's keys cannot be had now")
        raise jwt.PyJWKClientError("no such key for Teams")

    def _must_ask(self, name: str) -> bool:
        now, failed = time.monotonic(), self._told_at < self._asked_at
        rests = now - self._asked_at < (FAILED_REST if failed else KEYS_REST)
        return not rests and (name not in self._keys or now - self._told_at > KEYS_LIVE)

    async def _ask(self) -> None:
        self._asked_at = time.monotonic()
        try:
            self._keys = await asyncio.to_thread(self._fetch)
            self._told_at = self._asked_at
        except (requests.RequestException, jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError) as error:
            logger.warning("Microsoft's keys cannot be had now (%s).", type(error).__name__)

    def _fetch(self) -> dict[str, jwt.PyJWK]:
        address = str(_json(self._metadata)["jwks_uri"])
        if not address.startswith("https://"):
            raise ValueError("the keys' address is not https")
        endorsed = [key for key in _json(address)["keys"] if TEAMS in key.get("endorsements", ())]
        return {str(key.key_id): key for key in jwt.PyJWKSet.from_dict({"keys": endorsed}).keys} if endorsed else {}


def _json(address: str) -> Any:
    answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
    answer.raise_for_status()
    return answer.json()


class Incoming:
    """Checks the token that comes with a message, as "Authenticate requests from the Bot Connector service" has it.

    Args:
        app_id: the bot's id, whom the token must be for.
        metadata: address of the document that tells where the keys are.
        issuer: whom the token must come from.
    """

    def __init__(self, app_id: str, metadata: str, issuer: str) -> None:
        self._app_id, self._issuer, self._keys = app_id, issuer, Keys(metadata)

    async def check(self, authorization: str | None, service: str) -> None:
        """Check the ``Authorization`` of a message that says to be answered at ``service``.

        Raises:
            jwt.PyJWKClientConnectionError: Microsoft's keys cannot be had now.
            jwt.PyJWTError: the token is none, or is not for this message.
        """
        scheme, _, token = (authorization or "").partition(" ")
        header = jwt.get_unverified_header(token) if scheme.lower() == "bearer" and token.isascii() else {}
        if header.get("alg") != "RS256":
            raise jwt.InvalidTokenError("no token that is signed with RS256")
        key = await self._keys.key(str(header.get("kid")))
        claims = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=self._app_id,
            issuer=self._issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "serviceurl"]},
        )
        if claims["serviceurl"] != service:
            raise jwt.InvalidTokenError("the token is for another service address")


class Outgoing:
    """Has tokens for what the bot says, of its own tenant; one token serves about an hour.

    Args:
        app_id: the bot's id.
        authority: ``https://login.microsoftonline.com/<tenant>``.
        secret: the client secret, or empty.
        certificate: a PEM file with the private key and the certificate, in place of the secret.

    Raises:
        ValueError: the certificate's file cannot be used.
    """

    SCOPE = "https://api.botframework.com/.default"

    def __init__(self, app_id: str, authority: str, secret: str, certificate: str) -> None:
        self._app_id, self._authority = app_id, authority
        self._credential: Any = secret or _certificate(Path(certificate))
        self._client: msal.ConfidentialClientApplication | None = None

    async def token(self) -> str:
        """A token.

        Raises:
            Later: Microsoft gives none now.
        """
        return await asyncio.to_thread(self._token)

    def forget(self) -> None:
        """Ask for a new token next time: Microsoft does not take this one any more."""
        self._client = None

    def _token(self) -> str:
        try:
            client = self._client or msal.ConfidentialClientApplication(
                self._app_id,
                client_credential=self._credential,
                authority=self._authority,
                instance_discovery=False,  # our tenant is our tenant; it asks for a list of clouds otherwise
                timeout=SECONDS,
            )
            self._client = client
            answer = client.acquire_token_for_client([self.SCOPE])
        except (requests.RequestException, msal.exceptions.MsalError) as error:
            raise Later(f"no token: {type(error).__name__}") from error
        except ValueError as error:  # msal's own
            raise Later("no token: no such tenant") from error
        if "access_token" not in answer:
            raise Later(f"no token: {answer.get('error')} {answer.get('error_codes', '')}")
        return str(answer["access_token"])


def _certificate(path: Path) -> dict[str, str]:
    """A certificate's file, as msal wants it."""
    try:
        pem = path.read_bytes()
        key, certificate = load_pem_private_key(pem, None), load_pem_x509_certificate(pem)
        if key.public_key() != certificate.public_key():
            raise ValueError
    except (OSError, ValueError, TypeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no unencrypted key with its certificate, in PEM"
        raise ValueError(f"AIGUILLEUR_TEAMS_CERTIFICATE, {path.name}: {why}.") from error
    return {
        "private_key": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "public_certificate": certificate.public_bytes(Encoding.PEM).decode(),
    }
