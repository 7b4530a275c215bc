"""Tokens: who speaks to us is Microsoft, and Microsoft knows that we are the bot."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import jwt
import msal
import requests
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from channels.inbox import Later

#: Seconds that a request to Microsoft may take.
SECONDS = 10
#: Microsoft's keys are asked for again after a day, and for an unknown one, but not more often than that.
KEYS_LIVE, KEYS_REST = 24 * 3600, 60
#: Seconds by which Microsoft's clock and ours may differ; its own libraries allow as much.
LEEWAY = 300
#: The channel that a key must be endorsed for.
TEAMS = "msteams"


class Keys(jwt.PyJWKClient):
    """Keys that Microsoft signs messages from Teams with; asked for when the first message comes.

    PyJWT wants to know the keys' address, which Microsoft keeps in a document of its own, and does not know endorsements.

    Args:
        metadata: address of that document.
    """

    def __init__(self, metadata: str) -> None:
        super().__init__(metadata, lifespan=KEYS_LIVE, timeout=SECONDS, cooldown_duration=KEYS_REST)
        self._metadata = metadata

    def fetch_data(self) -> Any:
        """The keys that are endorsed for Teams.

        Raises:
            jwt.PyJWKClientError: Microsoft cannot be reached, or answers something else.
        """
        try:
            found = requests.get(self._metadata, timeout=SECONDS, allow_redirects=False)
            found.raise_for_status()
            self.uri = str(found.json()["jwks_uri"])
            if not self.uri.startswith("https://"):
                raise jwt.PyJWKClientError("no keys: their address is not https")
            keys = super().fetch_data()["keys"]
            endorsed = [key for key in keys if TEAMS in key.get("endorsements", ())]
        except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
            raise jwt.PyJWKClientConnectionError(f"no keys: {type(error).__name__}") from error
        if self.jwk_set_cache:
            self.jwk_set_cache.put(None)  # PyJWT has kept all of them there, and would use them if none is endorsed
        return {"keys": endorsed}


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
        if scheme.lower() != "bearer" or jwt.get_unverified_header(token).get("alg") != "RS256":
            raise jwt.InvalidTokenError("no token that is signed with RS256")
        key = await asyncio.to_thread(self._keys.get_signing_key_from_jwt, token)
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
        except (requests.RequestException, msal.exceptions.MsalError, ValueError) as error:  # ValueError: no such tenant
            raise Later(f"no token: {type(error).__name__}") from error
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
