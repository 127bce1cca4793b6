"""Microsoft's side of signing in, on loopback: the keys with which the connector signs what it sends us, and the token endpoint for us.

Both speak as the real ones do, so that authentication is really exercised. The token endpoint is TLS, because msal asks for that.
"""

import base64
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bot.clock import WallClock
from tests.doors import shut

ISSUER = "https://api.botframework.com"
APP = "0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e4e4e"
TENANT = "11111111-2222-3333-4444-555555555555"


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """A key, made once for all tests: making one takes long."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8)).rstrip(b"=").decode()


def jwk(kid: str, *endorsements: str) -> dict[str, Any]:
    numbers = rsa_key(kid).public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "kid": kid,
        "n": _number(numbers.n),
        "e": _number(numbers.e),
        "endorsements": list(endorsements),
    }


@dataclass
class FakeIdp:
    """Gives keys and tokens, and counts how often it was asked."""

    host: str = ""
    login_host: str = ""
    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk("key-1", "msteams", "webchat")])
    asked: list[str] = field(default_factory=list)
    away: bool = False
    secret: str = "a secret"
    given: int = 0
    """How many tokens it gave."""
    proofs: list[dict[str, str]] = field(default_factory=list)

    @property
    def metadata(self) -> str:
        return f"http://{self.host}/v1/.well-known/openidconfiguration"

    def claims(self, service: str, **other: Any) -> dict[str, Any]:
        now = int(WallClock().now().timestamp())
        return {"iss": ISSUER, "aud": APP, "nbf": now - 10, "exp": now + 3600, "serviceurl": service} | other

    def signed(
        self, service: str, *, kid: str = "key-1", key: Any = None, algorithm: str = "RS256", **other: Any
    ) -> str:
        """A token as the connector sends it; claims that are None are left out."""
        claims = {name: value for name, value in self.claims(service, **other).items() if value is not None}
        return jwt.encode(claims, key or rsa_key(kid), algorithm, headers={"kid": kid})

    async def openid(self, _: web.Request) -> web.Response:
        self.asked.append("metadata")
        if self.away:
            return web.Response(status=502)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"http://{self.host}/v1/.well-known/keys"})

    async def jwks(self, _: web.Request) -> web.Response:
        self.asked.append("keys")
        return web.json_response({"keys": self.keys})

    async def tenant(self, request: web.Request) -> web.Response:
        """What msal reads of a tenant before it asks for a token."""
        if request.match_info["tenant"] != TENANT:
            return web.json_response({"error": "invalid_tenant", "error_codes": [90002]}, status=400)
        base = f"https://{self.login_host}/{TENANT}"
        return web.json_response(
            {
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "issuer": f"{base}/v2.0",
            }
        )

    async def token(self, request: web.Request) -> web.Response:
        proof = {name: str(value) for name, value in (await request.post()).items()}
        self.proofs.append(proof)
        right = proof.get("client_secret") == self.secret or "client_assertion" in proof
        if self.away:
            return web.Response(status=503)
        if not right or proof.get("scope") != f"{ISSUER}/.default":
            told = {"error": "invalid_client", "error_description": "wrong", "error_codes": [7000215]}
            return web.json_response(told, status=401)
        return web.json_response(self._token() | {"expires_in": 3600})

    async def identity(self, request: web.Request) -> web.Response:
        """The endpoint on a machine or app service of Microsoft's that gives tokens of its managed identity."""
        assert request.headers["Metadata"] == "true"
        if request.path == "/app-service":
            assert request.headers["X-IDENTITY-HEADER"] == "header"
        self.proofs.append(dict(request.query))
        if request.query["client_id"] != APP:
            told = {"error": "invalid_request", "error_description": "Identity not found"}
            return web.json_response(told, status=400)
        ends = str(int(WallClock().now().timestamp()) + 3600)
        return web.json_response(self._token() | {"expires_in": "3600", "expires_on": ends, "resource": ISSUER})

    def _token(self) -> dict[str, Any]:
        self.given += 1
        return {"token_type": "Bearer", "access_token": f"token-{self.given}"}


def certificate(folder: Path, name: str = "login") -> tuple[Path, Path]:
    """A certificate for loopback that signs itself, and its key."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = WallClock().now()
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(rsa_key(name).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(rsa_key(name), hashes.SHA256())
    )
    public, private = folder / f"{name}.pem", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        rsa_key(name).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    private.chmod(0o600)
    return public, private


async def _serve(app: web.Application, tls: ssl.SSLContext | None = None) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    host, port, *_ = runner.addresses[0]
    return runner, f"{host}:{port}"


@asynccontextmanager
async def serving_idp(folder: Path) -> AsyncIterator[FakeIdp]:
    """The fake, open. `folder` gets the certificate that msal is to trust: `login.pem`."""
    idp = FakeIdp()
    keys, login = web.Application(), web.Application()
    keys.add_routes(
        [
            web.get("/v1/.well-known/openidconfiguration", idp.openid),
            web.get("/v1/.well-known/keys", idp.jwks),
            web.get("/metadata/identity/oauth2/token", idp.identity),
            web.get("/app-service", idp.identity),
        ]
    )
    login.add_routes(
        [
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", idp.tenant),
            web.post("/{tenant}/oauth2/v2.0/token", idp.token),
        ]
    )
    public, private = certificate(folder)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(public, private)
    first, idp.host = await _serve(keys)
    second, idp.login_host = await _serve(login, tls)
    try:
        yield idp
    finally:
        await shut(first)
        await shut(second)
