"""Microsoft Entra ID: a tenant's OpenID configuration and its token endpoint.

After "OAuth 2.0 client credentials flow on the Microsoft identity platform", "Microsoft identity platform
application authentication certificate credentials" and "Microsoft Entra authentication and authorization error codes".
"""

from __future__ import annotations

import datetime
import secrets
import time
import uuid
from collections.abc import Mapping
from typing import Any

import jwt
from aiohttp import web

from tests.peers.faults import Fault
from tests.peers.microsoft_keys import SigningKey, signed

#: Whom the connector's tokens are for, and the only scope they are given for.
AUDIENCE = "https://api.botframework.com"
SCOPE = f"{AUDIENCE}/.default"

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

#: OAuth's names of the errors, and their status, by the number.
ERRORS = {
    50013: ("invalid_grant", 400),
    50027: ("invalid_request", 400),
    70003: ("unsupported_grant_type", 400),
    90002: ("invalid_request", 400),
    90023: ("invalid_request", 400),
    500011: ("invalid_resource", 400),
    700016: ("unauthorized_client", 400),
    700021: ("invalid_client", 401),
    700023: ("invalid_client", 401),
    700024: ("invalid_client", 401),
    700027: ("invalid_client", 401),
    900144: ("invalid_request", 400),
    1002012: ("invalid_scope", 400),
    7000215: ("invalid_client", 401),
    7000218: ("invalid_client", 401),
}


class EntraError(Exception):
    """An error with its AADSTS number."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


class Entra:
    """One tenant with one app.

    ``lifetime``: seconds that new tokens are good for. msal asks for another once fewer than 300 are left.
    ``once``: refuse an assertion seen before. Entra does not, and msal sends the same one for nine minutes.
    """

    def __init__(self, tenant: str, app_id: str, secret: str, app_key: SigningKey) -> None:
        self.tenant, self.app_id, self.secret, self.app_key = tenant, app_id, secret, app_key
        self.key = SigningKey("accounts.accesscontrol.windows.net")
        self.lifetime = 3599
        self.once = False
        self._seen: set[str] = set()

    async def configuration(self, request: web.Request) -> web.Response:
        """The tenant's OpenID configuration, at /<tenant>/v2.0/.well-known/openid-configuration."""
        url = f"{request.scheme}://{request.host}/{self.tenant}"
        if request.match_info["tenant"] != self.tenant:
            return described(400, "invalid_tenant", f"AADSTS90002: {self._no_tenant(request)}", [90002])
        return web.json_response(
            {
                "token_endpoint": f"{url}/oauth2/v2.0/token",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
                "jwks_uri": f"{url}/discovery/v2.0/keys",
                "response_modes_supported": ["query", "fragment", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "issuer": f"{url}/v2.0",
                "authorization_endpoint": f"{url}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{url}/oauth2/v2.0/devicecode",
                "tenant_region_scope": "EU",
            }
        )

    async def token(self, request: web.Request) -> web.Response:
        """A token for the connector, at POST /<tenant>/oauth2/v2.0/token; or why not."""
        try:
            if request.match_info["tenant"] != self.tenant:
                raise self._no_tenant(request)
            form = {name: str(value) for name, value in (await request.post()).items()}
            kind = self._authenticate(form, str(request.url.with_query(None)))
        except EntraError as problem:
            return error(problem)
        answer = {"token_type": "Bearer", "expires_in": self.lifetime, "ext_expires_in": self.lifetime}
        return web.json_response(answer | {"access_token": self._issue(kind)}, headers={"Cache-Control": "no-store, no-cache"})

    def _no_tenant(self, request: web.Request) -> EntraError:
        tenant = request.match_info["tenant"]
        return EntraError(90002, f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.")

    def _authenticate(self, form: Mapping[str, str], endpoint: str) -> str:
        """How the client proved who it is ("1": secret, "2": certificate, as appidacr has it). EntraError."""
        for name in ("grant_type", "client_id", "scope"):
            if not form.get(name):
                raise EntraError(900144, f"The request body must contain the following parameter: '{name}'.")
        if form["grant_type"] != "client_credentials":
            raise EntraError(70003, f"The app requested an unsupported grant type '{form['grant_type']}'.")
        if form["client_id"] != self.app_id:
            client = form["client_id"]
            raise EntraError(700016, f"Application with identifier '{client}' was not found in the directory '{self.tenant}'.")
        if not form["scope"].endswith("/.default"):
            raise EntraError(1002012, f"The provided value for scope {form['scope']} is not valid.")
        if form["scope"] != SCOPE:
            raise EntraError(500011, f"The resource principal named {form['scope']} was not found in the tenant {self.tenant}.")
        if "client_assertion" in form:
            if form.get("client_assertion_type") != ASSERTION:
                raise EntraError(90023, "The 'client_assertion_type' parameter is missing or not supported.")
            self._check(form["client_assertion"], endpoint)
            return "2"
        if "client_secret" not in form:
            names = "'client_assertion' or 'client_secret'"
            raise EntraError(7000218, f"The request body must contain the following parameter: {names}.")
        if not secrets.compare_digest(form["client_secret"].encode(), self.secret.encode()):
            raise EntraError(7000215, f"Invalid client secret provided, for a secret added to app '{self.app_id}'.")
        return "1"

    def _check(self, assertion: str, endpoint: str) -> None:
        """EntraError if a JWT does not prove that its sender has the app's certificate."""
        try:
            header = jwt.get_unverified_header(assertion)
        except jwt.InvalidTokenError as problem:
            raise EntraError(50027, f"JWT token is invalid or malformed: {problem}.") from problem
        named = {"RS256": ("x5t", "sha1"), "PS256": ("x5t#S256", "sha256")}.get(str(header["alg"]))
        if not named or str(header.get(named[0], "")).rstrip("=") != self.app_key.thumbprint(named[1]):
            raise EntraError(700027, "The certificate with identifier used to sign the client assertion is not registered.")
        try:
            claims = jwt.decode(
                assertion,
                self.app_key.private.public_key(),
                algorithms=[header["alg"]],
                audience=endpoint,
                leeway=300,
                options={"require": ["aud", "exp", "iss", "sub", "jti"], "verify_sub": False, "verify_jti": False},
            )
        except jwt.InvalidSignatureError as problem:
            raise EntraError(700027, "Client assertion failed signature validation.") from problem
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as problem:
            raise EntraError(700024, "Client assertion is not within its valid time range.") from problem
        except jwt.InvalidAudienceError as problem:
            raise EntraError(700023, "Client assertion audience claim does not match Realm issuer.") from problem
        except jwt.InvalidTokenError as problem:
            raise EntraError(50027, f"JWT token is invalid or malformed: {problem}.") from problem
        if not claims["iss"] == claims["sub"] == self.app_id:
            raise EntraError(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
        if self.once and claims["jti"] in self._seen:
            raise EntraError(50013, "Assertion is invalid: it was presented before.")
        self._seen.add(claims["jti"])

    def _issue(self, kind: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {"aud": AUDIENCE, "iss": f"https://sts.windows.net/{self.tenant}/"}
        claims |= {"iat": now, "nbf": now, "exp": now + self.lifetime, "appid": self.app_id, "appidacr": kind}
        claims |= {"tid": self.tenant, "uti": secrets.token_urlsafe(16), "ver": "1.0"}
        return signed(claims, self.key, "RS256", {"kid": self.key.kid, "x5t": self.key.kid})

    def revoke(self) -> None:
        """Make all tokens given so far worthless, though they look as good as before."""
        self.key = SigningKey("accounts.accesscontrol.windows.net")

    def accepts(self, token: str) -> bool:
        """Whether the connector may accept a token: ours, for it, for this app, not expired."""
        try:
            claims = jwt.decode(token, self.key.private.public_key(), algorithms=["RS256"], audience=AUDIENCE)
        except jwt.InvalidTokenError:
            return False
        return bool(claims["appid"] == self.app_id)


def error(problem: EntraError) -> web.Response:
    """An error in Entra's words."""
    name, status = ERRORS[problem.number]
    return described(status, name, f"AADSTS{problem.number}: {problem}", [problem.number])


def failed(fault: Fault) -> web.Response:
    """What Entra answers when it cannot serve a request."""
    answer = described(fault.status, "temporarily_unavailable", "AADSTS90055: The server is busy.", [90055])
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def described(status: int, name: str, description: str, numbers: list[int]) -> web.Response:
    """An error answer with all that Entra puts into it."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%SZ")
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    text = f"{description} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}"
    body: dict[str, Any] = {"error": name, "error_description": text, "error_codes": numbers, "timestamp": now}
    return web.json_response(body | {"trace_id": trace, "correlation_id": correlation}, status=status)
