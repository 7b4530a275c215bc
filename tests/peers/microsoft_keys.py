"""Keys and certificates: of the web server, of the tokens' issuers, of the app."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import ipaddress
import json
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Certificate(NamedTuple):
    """The app's certificate: both parts as PEM files, its thumbprints in upper-case hexadecimal, and both in one file."""

    private_key: Path
    public_certificate: Path
    sha1: str
    sha256: str
    together: Path


class SigningKey:
    """An RSA key with a certificate; named by the certificate's thumbprint, as Microsoft names its keys."""

    def __init__(self, name: str, endorsements: Sequence[str] = ()) -> None:
        self.private = rsa.generate_private_key(65537, 2048)
        self.certificate = certificate(name, self.private)
        self.endorsements = list(endorsements)
        self.kid = self.thumbprint("sha1")

    @property
    def der(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def public_pem(self) -> bytes:
        """The public key."""
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def thumbprint(self, algorithm: str) -> str:
        """The certificate's thumbprint as JWT headers give it (x5t: sha1, x5t#S256: sha256)."""
        return base64url(hashlib.new(algorithm, self.der).digest())

    def jwk(self) -> dict[str, Any]:
        """The public key as the issuers publish it."""
        numbers = self.private.public_key().public_numbers()
        key: dict[str, Any] = {"kty": "RSA", "use": "sig", "kid": self.kid, "x5t": self.kid}
        key |= {"n": integer(numbers.n), "e": integer(numbers.e), "x5c": [base64.b64encode(self.der).decode()]}
        return key | ({"endorsements": self.endorsements} if self.endorsements else {})

    def saved(self, directory: Path) -> Certificate:
        """Written to files in a directory."""
        private, public = directory / "app.key.pem", directory / "app.cert.pem"
        private.write_bytes(pem(self.private))
        public.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        sha1, sha256 = (hashlib.new(name, self.der).hexdigest().upper() for name in ("sha1", "sha256"))
        together = directory / "app.pem"
        together.write_bytes(private.read_bytes() + public.read_bytes())
        return Certificate(private, public, sha1, sha256, together)


def signed(claims: dict[str, Any], key: SigningKey, algorithm: str, headers: dict[str, Any]) -> str:
    """A JWT; claims and headers that are None are left out. HS256 has the public key as its secret, none has no signature."""
    claims = {name: value for name, value in claims.items() if value is not None}
    headers = {name: value for name, value in headers.items() if value is not None}
    if algorithm == "none":
        return jwt.encode(claims, "", algorithm="none", headers=headers)
    if algorithm != "HS256":
        return jwt.encode(claims, key.private, algorithm=algorithm, headers=headers)
    # By hand: PyJWT refuses to sign with a public key.
    parts = [{"typ": "JWT", "alg": algorithm, **headers}, claims]
    content = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    return f"{content}.{base64url(hmac.digest(key.public_pem, content.encode(), 'sha256'))}"


def base64url(data: bytes) -> str:
    """Without the padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def integer(number: int) -> str:
    """A number as JWKs write it."""
    return base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def pem(key: PrivateKey) -> bytes:
    """A private key, not encrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate(
    name: str, key: PrivateKey, *extensions: x509.ExtensionType, issued_by: tuple[x509.Certificate, PrivateKey] | None = None
) -> x509.Certificate:
    """A certificate for a key, valid for a day; signed by itself or by an issuer."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    signer = issued_by[1] if issued_by else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issued_by[0].subject if issued_by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints | x509.KeyUsage))
    return builder.sign(signer, hashes.SHA256())


def tls(directory: Path) -> tuple[Path, ssl.SSLContext]:
    """The file of a new certificate authority, and a context for a server on 127.0.0.1 that it vouches for."""
    root_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    signs = x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage)
    root = certificate("Test authority", root_key, x509.BasicConstraints(ca=True, path_length=0), signs)
    server = certificate(
        "127.0.0.1",
        server_key,
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
        x509.BasicConstraints(ca=False, path_length=None),
        issued_by=(root, root_key),
    )
    ca_file, both = directory / "ca.pem", directory / "server.pem"
    ca_file.write_bytes(root.public_bytes(Encoding.PEM))
    both.write_bytes(pem(server_key) + server.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return ca_file, context
