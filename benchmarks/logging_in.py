"""The ways a phone app shows who it is: a token in the address, HTTP Basic, HTTP Digest with its challenge."""

from __future__ import annotations

import abc
import base64
import hashlib
import http.client
import itertools
import secrets as randomness
from urllib.request import parse_http_list, parse_keqv_list


class Login(abc.ABC):
    """One connection's way in: where to send, and what to say with it."""

    path: str

    @abc.abstractmethod
    def __init__(self, connection: http.client.HTTPConnection, secrets: dict[str, str]) -> None: ...

    @abc.abstractmethod
    def headers(self) -> dict[str, str]: ...


class Token(Login):
    """The address itself is the login: what the QR code sets."""

    def __init__(self, connection: http.client.HTTPConnection, secrets: dict[str, str]) -> None:
        self.path = f"{secrets['token_path']}/submission"

    def headers(self) -> dict[str, str]:
        return {}


class Basic(Login):
    """Name and password with every request."""

    def __init__(self, connection: http.client.HTTPConnection, secrets: dict[str, str]) -> None:
        self.path = f"{secrets['login_path']}/submission"
        pair = f"{secrets['username']}:{secrets['password']}".encode()
        self.said = {"Authorization": "Basic " + base64.b64encode(pair).decode()}

    def headers(self) -> dict[str, str]:
        return self.said


class Digest(Login):
    """One challenge for a connection, then a count that rises, as the HTTP library of phone apps does."""

    def __init__(self, connection: http.client.HTTPConnection, secrets: dict[str, str]) -> None:
        self.path = f"{secrets['login_path']}/submission"
        self.secrets = secrets
        connection.request("HEAD", self.path, headers={"X-OpenRosa-Version": "1.0"})
        answer = connection.getresponse()
        answer.read()
        said = answer.headers["WWW-Authenticate"].removeprefix("Digest ").partition(", Basic")[0]
        self.given = parse_keqv_list(parse_http_list(said))
        self.counted = itertools.count(1)

    def headers(self) -> dict[str, str]:
        nonce, realm = self.given["nonce"], self.given["realm"]
        count, own = f"{next(self.counted):08x}", randomness.token_hex(8)
        who = _md5(f"{self.secrets['username']}:{realm}:{self.secrets['password']}")
        response = _md5(f"{who}:{nonce}:{count}:{own}:auth:{_md5(f'POST:{self.path}')}")
        return {
            "Authorization": (
                f'Digest username="{self.secrets["username"]}", realm="{realm}", nonce="{nonce}", uri="{self.path}", '
                f'qop=auth, nc={count}, cnonce="{own}", response="{response}", opaque="{self.given["opaque"]}", '
                "algorithm=MD5"
            )
        }


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


LOGINS: dict[str, type[Login]] = {"token": Token, "basic": Basic, "digest": Digest}
