"""The little of a browser that measuring needs: cookies, a real sign-in, one connection kept open."""

from __future__ import annotations

import http.client
import re
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from .server import HOST


class Browser:
    """Somebody at a screen, one request after the other."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=120)
        self.site = f"localhost:{port}"
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes, float]:
        """Return status, content and seconds until the last byte."""
        headers = {"Host": self.site, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{self.site}{path}"}
        try:
            start = time.perf_counter()
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):  # the server closed a connection long unused
            self.connection.close()
            start = time.perf_counter()
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - start
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.update({key: morsel.value for key, morsel in SimpleCookie(value).items()})
        return response.status, content, seconds

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form, as everybody does."""
        path = "/account/login/"
        _status, content, _seconds = self.ask("GET", path)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', content)
        assert token, "no sign-in form"
        fields = {"csrfmiddlewaretoken": token[1].decode(), "login": email, "password": password}
        status, _content, _seconds = self.ask("POST", path, urlencode(fields))
        if status != 302:
            raise RuntimeError(f"signing in as {email} was answered with {status}")
