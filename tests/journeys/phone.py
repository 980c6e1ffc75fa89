"""A phone as ODK Collect is one: it knows a server address, and learns everything else from the server's answers."""

from __future__ import annotations

import uuid
from hashlib import md5
from urllib.parse import urlencode

import httpx
from lxml import etree

XFORMS = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
HEADERS = {"X-OpenRosa-Version": "1.0", "User-Agent": "a phone", "Date": "Sun, 22 Nov 2026 04:00:00 GMT+00:00"}


class Phone:
    """Lists, fetches, fills and sends forms."""

    def __init__(self, server_url: str) -> None:
        self.base = server_url.rstrip("/")
        self.http = httpx.Client(headers=HEADERS, timeout=30)

    def get(self, url: str) -> httpx.Response:
        answer = self.http.get(url, params={"deviceID": "phone:1"})
        assert answer.status_code == 200 and answer.headers["X-OpenRosa-Version"] == "1.0", answer.text
        return answer

    def forms(self) -> dict[str, dict[str, str]]:
        """Return what `formList` tells of each form, by formID."""
        listed = etree.fromstring(self.get(f"{self.base}/formList").content)
        return {
            form.findtext(f"{XFORMS}formID"): {child.tag.removeprefix(XFORMS): child.text for child in form}
            for form in listed.iter(f"{XFORMS}xform")
        }

    def media(self, form: dict[str, str]) -> dict[str, bytes]:
        """Fetch every file of the manifest, checking its hash."""
        files = {}
        for file in etree.fromstring(self.get(form["manifestUrl"]).content).iter(f"{MANIFEST}mediaFile"):
            told = {child.tag.removeprefix(MANIFEST): child.text for child in file}
            content = self.get(told["downloadUrl"]).content
            assert told["hash"] == f"md5:{md5(content, usedforsecurity=False).hexdigest()}"
            files[told["filename"]] = content
        return files

    def blank(self, form: dict[str, str]) -> etree._Element:
        """Fetch the form and return its empty instance."""
        content = self.get(form["downloadUrl"]).content
        assert form["hash"] == f"md5:{md5(content, usedforsecurity=False).hexdigest()}"
        instance = etree.fromstring(content).find(".//{http://www.w3.org/2002/xforms}instance")
        assert instance is not None
        return instance[0]

    def fill(self, form: dict[str, str], answers: dict[str, object]) -> bytes:
        """Return a filled form; a question is known by its last name."""
        root = self.blank(form)
        for node in root.iter():
            name = etree.QName(node).localname
            if name in answers:
                node.text = str(answers[name])
            elif name == "instanceID":
                node.text = f"uuid:{uuid.uuid4()}"
        return etree.tostring(root, xml_declaration=True, encoding="utf-8")

    def send(self, xml: bytes) -> httpx.Response:
        """Ask first, then send, as Collect does."""
        url = f"{self.base}/submission?{urlencode({'deviceID': 'phone:1'})}"
        asked = self.http.head(url)
        assert asked.status_code == 204 and int(asked.headers["X-OpenRosa-Accept-Content-Length"]) > 0
        return self.http.post(url, files={"xml_submission_file": ("form.xml", xml, "text/xml")})
