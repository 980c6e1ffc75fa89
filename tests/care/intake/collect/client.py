"""A client that behaves as ODK Collect does, request by request, and checks what Collect would choke on."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from urllib.request import parse_http_list, parse_keqv_list

import httpx
from lxml import etree

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"
MOST_FILES = 100
DEFAULT_LENGTH = 10_000_000


def date_of_collect(now: datetime) -> str:
    """The date as the app writes it: a clock of twelve hours, so that it is wrong after noon."""
    return now.strftime("%a, %d %b %Y %I:%M:%S GMT")


@dataclass
class Listed:
    form_id: str
    name: str
    version: str
    hash: str
    download: str
    manifest: str


@dataclass
class Collect:
    """One installed app with one project."""

    base: str
    http: httpx.Client
    username: str = ""
    password: str = ""
    device_id: str = field(default_factory=lambda: f"collect:{secrets.token_hex(8)}")
    challenge: dict[str, str] = field(default_factory=dict)
    uses: int = 0
    asked: list[str] = field(default_factory=list)  # which challenges came

    def url(self, url: str) -> str:
        """Every address gets the id of the device."""
        parts = urlsplit(url)
        query = [*parse_qsl(parts.query), ("deviceID", self.device_id)]
        return urlunsplit(parts._replace(query=urlencode(query)))

    def ask(self, method: str, url: str, content: bytes = b"", content_type: str = "") -> httpx.Response:
        """One request, answered a challenge at most twice, as the app does with Digest."""
        url = self.url(url)
        for _attempt in range(3):
            response = self.http.request(
                method,
                url,
                headers=self.headers(method, url, content_type),
                content=self.pieces(content) if content else None,
                follow_redirects=method == "GET",
            )
            if response.status_code != 401 or not self.username:
                return response
            self.asked.append(response.headers["WWW-Authenticate"])
            self.challenge, self.uses = self.read_challenge(response.headers["WWW-Authenticate"]), 0
        return response

    def headers(self, method: str, url: str, content_type: str = "") -> dict[str, str]:
        found = {
            "X-OpenRosa-Version": "1.0",
            "User-Agent": "org.odk.collect.android/v2026.2 Dalvik/2.1.0",
            "Date": date_of_collect(datetime(2026, 11, 29, 15, 4, 5)),
        }
        if content_type:
            found["Content-Type"] = content_type
        if self.challenge:
            found["Authorization"] = self.credentials(method, url)
        return found

    @staticmethod
    def read_challenge(header: str) -> dict[str, str]:
        assert header.startswith("Digest ")
        return parse_keqv_list(parse_http_list(header.removeprefix("Digest ")))

    def credentials(self, method: str, url: str, **changed: str) -> str:
        self.uses += 1
        parts = urlsplit(url)
        given = {
            "username": self.username,
            "realm": self.challenge["realm"],
            "nonce": self.challenge["nonce"],
            "uri": parts.path + (f"?{parts.query}" if parts.query else ""),
            "algorithm": "MD5",
            "qop": "auth",
            "nc": f"{self.uses:08x}",
            "cnonce": secrets.token_hex(8),
            "opaque": self.challenge["opaque"],
            **changed,
        }
        one = md5(f"{self.username}:{given['realm']}:{self.password}")
        two = md5(f"{method}:{given['uri']}")
        middle = (
            f"{given['nonce']}:{given['nc']}:{given['cnonce']}:{given['qop']}:"
            if given["qop"]
            else f"{given['nonce']}:"
        )
        given["response"] = md5(f"{one}:{middle}{two}")
        if not given["qop"]:
            for name in ("qop", "nc", "cnonce"):
                del given[name]
        return "Digest " + ", ".join(f'{name}="{value}"' for name, value in given.items())

    @staticmethod
    def pieces(content: bytes) -> Iterator[bytes]:
        """The body goes out in chunks, without its length."""
        for place in range(0, len(content), 60_000):
            yield content[place : place + 60_000]

    # What the app does ----------------------------------------------------------------------------------------------
    def form_list(self) -> list[Listed]:
        response = self.ask("GET", f"{self.base}/formList")
        assert response.status_code == 200, response.text
        assert "text/xml" in response.headers["Content-Type"] and response.headers["X-OpenRosa-Version"] == "1.0"
        found = []
        root = etree.fromstring(response.content)
        assert root.tag == f"{LIST}xforms"
        for item in root:
            text = {child.tag.removeprefix(LIST): (child.text or "").strip() for child in item}
            assert text["formID"] and text["name"] and text["downloadUrl"], "the app drops the whole list otherwise"
            assert text["hash"].startswith("md5:") and text["downloadUrl"].startswith("http")
            found.append(
                Listed(
                    text["formID"],
                    text["name"],
                    text["version"],
                    text["hash"].removeprefix("md5:"),
                    text["downloadUrl"],
                    text.get("manifestUrl", ""),
                )
            )
        return found

    def form(self, listed: Listed) -> bytes:
        response = self.ask("GET", listed.download)
        assert response.status_code == 200
        assert hashlib.md5(response.content, usedforsecurity=False).hexdigest() == listed.hash, (
            "the app would fetch it for ever"
        )
        return response.content

    def media(self, listed: Listed, held: dict[str, str] | None = None) -> dict[str, bytes]:
        """Fetch the files of a form whose hash is not the one held."""
        response = self.ask("GET", listed.manifest)
        assert response.status_code == 200 and "text/xml" in response.headers["Content-Type"]
        assert response.headers["X-OpenRosa-Version"] == "1.0"
        found = {}
        for item in etree.fromstring(response.content):
            text = {child.tag.removeprefix(MANIFEST): (child.text or "").strip() for child in item}
            assert text["filename"] and text["hash"].startswith("md5:") and text["downloadUrl"].startswith("http")
            if (held or {}).get(text["filename"]) == text["hash"]:
                continue
            got = self.ask("GET", text["downloadUrl"])
            assert (
                got.status_code == 200
                and f"md5:{hashlib.md5(got.content, usedforsecurity=False).hexdigest()}" == text["hash"]
            )
            found[text["filename"].rpartition("/")[2]] = got.content
        return found

    def head(self) -> httpx.Response:
        return self.ask("HEAD", f"{self.base}/submission")

    def send(self, xml: bytes, files: dict[str, bytes] | None = None) -> list[httpx.Response]:
        """Ask once how much may be sent, then send the form with as many files at a time as fit; all parts repeat it."""
        head = self.head()
        assert head.status_code == 204, head.status_code
        most = int(head.headers.get("X-OpenRosa-Accept-Content-Length", DEFAULT_LENGTH))
        answers = []
        for group, last in self.groups(xml, files or {}, most):
            boundary = f"----{uuid.uuid4()}"
            body = self.body(xml, group, boundary, complete=last)
            answers.append(
                self.ask("POST", f"{self.base}/submission", body, f"multipart/form-data; boundary={boundary}")
            )
            if answers[-1].status_code not in (201, 202):
                break
        return answers

    @staticmethod
    def groups(xml: bytes, files: dict[str, bytes], most: int) -> list[tuple[dict[str, bytes], bool]]:
        found: list[dict[str, bytes]] = [{}]
        size = len(xml)
        for name, content in files.items():
            if len(found[-1]) == MOST_FILES or (found[-1] and size + len(content) > most):
                found.append({})
                size = len(xml)
            found[-1][name] = content
            size += len(content)
        return [(group, place == len(found) - 1) for place, group in enumerate(found)]

    @staticmethod
    def body(xml: bytes, files: dict[str, bytes], boundary: str, *, complete: bool) -> bytes:
        out = b""
        for name, filename, kind, content in (
            ("xml_submission_file", "instance.xml", "text/xml", xml),
            *((name, name, "application/octet-stream", content) for name, content in files.items()),
        ):
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            out += head.encode() + f"Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n"
        if not complete:
            out += f'--{boundary}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n'.encode()
        return out + f"--{boundary}--\r\n".encode()


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def told(response: httpx.Response) -> str:
    """The message that the app shows to whoever holds the phone."""
    root = etree.fromstring(response.content)
    assert root.tag == f"{RESPONSE}OpenRosaResponse"
    return str(root.findtext(f"{RESPONSE}message"))
