"""Python and JavaScript make and open the same boxes, 1,000 of them, and agree with published vectors (check 39)."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import argon2
import pytest
from nacl import bindings

from lygte.core.refs import new_ref
from lygte.core.vault import ciphers, envelopes

ROOT = Path(__file__).resolve().parents[4]
HERE = Path(__file__).parent

ENTRY = """
export * as ciphers from "./assets/js/vault/ciphers.js";
export * as sealing from "./assets/js/vault/sealing.js";
export { default as sodium } from "libsodium-wrappers";
"""

# libsodium, test/default/aead_xchacha20poly1305.c, and draft-irtf-cfrg-xchacha-03, A.3.1: one text under two nonces.
CLASS_OF_99 = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
KNOWN = [
    {
        "key": bytes(range(0x80, 0xA0)).hex(),
        "ad": "50515253c0c1c2c3c4c5c6c7",
        "nonce": "07000000" + bytes(range(0x40, 0x54)).hex(),
        "content": CLASS_OF_99.hex(),
        "box": "f8ebea4875044066fc162a0604e171feecfb3d20425248563bcfd5a155dcc47bbda70b86e5ab9b55002bd1274c02db35321acd7af8b2"
        "e2d25015e136b7679458e9f43243bf719d639badb5feac03f80a19a96ef10cb1d15333a837b90946ba3854ee74da3f2585efc7e1e170e1"
        "7e15e563e77601f4f85cafa8e5877614e143e68420",
    },
    {
        "key": bytes(range(0x80, 0xA0)).hex(),
        "ad": "50515253c0c1c2c3c4c5c6c7",
        "nonce": bytes(range(0x40, 0x58)).hex(),
        "content": CLASS_OF_99.hex(),
        "box": "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54"
        "c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615"
        "c68b13b52ec0875924c1c7987947deafd8780acf49",
    },
]


def node() -> str:
    """Return the Node that `./lygte test` found, or the system's."""
    words = os.environ.get("LYGTE_NPM", "").split(os.pathsep)
    found = words[0] if len(words) > 1 else shutil.which("node")
    assert found, "no Node: run the tests with ./lygte test, which fetches one"
    return found


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The twin as browsers get it: bundled by the builder of the assets, for the oldest browsers that pages are for."""
    out = tmp_path_factory.mktemp("twin") / "twin.mjs"
    script = (
        "import * as esbuild from 'esbuild';"
        f"await esbuild.build({{stdin: {{contents: {json.dumps(ENTRY)}, resolveDir: '.'}}, bundle: true, minify: true,"
        f" format: 'esm', target: 'es2022', platform: 'browser', logLevel: 'error', outfile: {json.dumps(str(out))}}});"
    )
    subprocess.run([node(), "--input-type=module", "-e", script], cwd=ROOT, check=True)
    print(f"the twin weighs {out.stat().st_size / 1024:.0f} KB before compression")
    yield out


def ask(bundle: Path, **vectors: Any) -> dict[str, list[Any]]:
    """Give vectors to the twin, in the bundle for browsers, and return what it says."""
    given = {"lock": [], "seal": [], "derive": [], "forms": [], "sizes": [], "known": [], **vectors}
    done = subprocess.run(
        [node(), HERE / "twin.mjs", bundle], cwd=ROOT, input=json.dumps(given), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def some_bytes(dice: random.Random) -> bytes:
    return dice.randbytes(dice.choice([0, 1, 31, 32, 251, 252, 253, 1020, 1021, 4092, dice.randrange(9000)]))


def sealed_form(dice: random.Random, public: bytes, private: bytes, number: int) -> dict[str, Any]:
    """A filled form with files, sealed here, and everything that the twin needs to seal it again."""
    of = {
        "organisation": new_ref(),
        "form": f"form|{number} æ",
        "version": str(number),
        "instance": f"uuid:{uuid.UUID(int=number)}",
    }
    sealed_for = dice.choice([envelopes.INTAKE, envelopes.ORGANISATION])
    xml = f"<data>{'ø' * dice.randrange(900)}\u00a0🙂</data>"
    files = [(f"photo {n} Ж.jpg", some_bytes(dice)) for n in range(number % 3)]
    whole, boxes = envelopes.seal_envelope(public, sealed_for=sealed_for, **of, content=xml.encode(), files=files)
    return {
        "public": public.hex(), "private": private.hex(), "sealed_for": sealed_for, "of": of, "xml": xml,
        "files": [{"name": name, "content": content.hex()} for name, content in files],
        "box": whole.hex(), "boxes": [box.hex() for box in boxes],
    }  # fmt: skip


def opened_form(private: str, whole: str, boxes: list[str]) -> tuple[str, list[dict[str, str]]]:
    envelope = envelopes.unpack(bytes.fromhex(whole))
    key = envelopes.open_key(bytes.fromhex(private), envelope)
    xml = envelopes.open_part(key, envelope.raw_header, envelopes.FORM, envelope.box).decode()
    files = []
    for number, box in enumerate(boxes):
        packed = envelopes.open_part(key, envelope.raw_header, envelopes.part_of_file(number), bytes.fromhex(box))
        name, content = envelopes.unpack_file(packed)
        files.append({"name": name, "content": content.hex()})
    return xml, files


def test_a_thousand_boxes_open_on_both_sides(bundle: Path) -> None:
    dice = random.Random(39)
    lock, seal, derive, forms = [], [], [], []
    for number in range(250):
        key, content, bound = dice.randbytes(32), some_bytes(dice), ["cases_note", "locked", f"ref{number}", "1"]
        box = ciphers.lock(key, content, ciphers.bind(*bound))
        lock.append({"key": key.hex(), "content": content.hex(), "bound": bound, "box": box.hex()})
        public, private = ciphers.new_pair()
        box = ciphers.seal(public, content)
        seal.append({"public": public.hex(), "private": private.hex(), "content": content.hex(), "box": box.hex()})
        derive.append({"key": dice.randbytes(32).hex(), "label": f"åben/{number}", "length": dice.choice([16, 32, 64])})
        forms.append(sealed_form(dice, public, private, number))
    sizes = [*range(0, 300), *(dice.randrange(1_000_000) for _ in range(200)), 65532, 65533, 131068, 131069]
    told = ask(bundle, lock=lock, seal=seal, derive=derive, forms=forms, sizes=sizes)
    assert told["opened"] == [one["content"] for one in lock]
    assert told["unsealed"] == [one["content"] for one in seal]
    assert told["read"] == [{"xml": one["xml"], "files": one["files"]} for one in forms]
    assert told["sizes"] == [ciphers.padded_size(size) for size in sizes]
    for one, box in zip(lock, told["locked"], strict=True):
        assert (
            ciphers.unlock(bytes.fromhex(one["key"]), bytes.fromhex(box), ciphers.bind(*one["bound"])).hex()
            == one["content"]
        )
    for one, box in zip(seal, told["sealed"], strict=True):
        assert ciphers.unseal(bytes.fromhex(one["private"]), bytes.fromhex(box)).hex() == one["content"]
    for one, made in zip(forms, told["forms"], strict=True):
        assert opened_form(one["private"], made["box"], made["boxes"]) == (one["xml"], one["files"])
        header = envelopes.unpack(bytes.fromhex(made["box"])).header
        said = {name: getattr(header, name) for name in ("organisation", "form", "version", "instance")}
        assert said == one["of"] and header.sealed_for == one["sealed_for"] and header.files == len(one["files"])
    assert len({envelopes.unpack(bytes.fromhex(made["box"])).header.id for made in told["forms"]}) == len(forms)
    for one, (key, public, said) in zip(derive, told["derived"], strict=True):
        derived = ciphers.derive(bytes.fromhex(one["key"]), one["label"], one["length"])
        assert (derived.hex(), said) == (key, ciphers.fingerprint(derived))
        assert ciphers.public_of(bytes.fromhex(one["key"])).hex() == public
    print(f"{len(lock) + len(seal) + len(derive) + len(forms)} vectors, each in both directions")


def test_the_wrong_key_recipient_place_and_version_are_refused_on_both_sides(bundle: Path) -> None:
    key, (public, private), (_other, stranger) = ciphers.random_key(), ciphers.new_pair(), ciphers.new_pair()
    box, sealed = ciphers.lock(key, b"sentinel", b"a|b"), ciphers.seal(public, b"sentinel")
    one = sealed_form(random.Random(1), public, private, 2)
    form, (first, second) = bytes.fromhex(one["box"]), (bytes.fromhex(box) for box in one["boxes"])
    at = form.index(one["of"]["organisation"].encode())
    other = bytes.fromhex(sealed_form(random.Random(2), public, private, 1)["box"])
    start = len(form) - len(envelopes.unpack(form).box)
    stitched = form[:start] + other[len(other) - len(envelopes.unpack(other).box) :]
    flipped = [bytes([*box[:i], box[i] ^ 1, *box[i + 1 :]]) for i in (0, 1, 24, 25, 200, len(box) - 1)]
    lock = [
        {"key": (bytes(32) if wrong == "key" else key).hex(), "bound": ["a", "c"] if wrong == "place" else ["a", "b"],
         "content": "", "box": spoilt.hex()}
        for wrong, spoilt in [("key", box), ("place", box), ("", b"\x02" + box[1:]), ("", box[:20]), ("", b""),
                              *(("", one) for one in flipped)]
    ]  # fmt: skip
    seal = [
        {"public": public.hex(), "private": who.hex(), "content": "", "box": spoilt.hex()}
        for who, spoilt in [
            (stranger, sealed),
            (private, b"\x02" + sealed[1:]),
            (private, sealed[:-1]),
            (private, b"\x01"),
        ]
    ]
    forms = [
        {**one, "private": who.hex(), "box": spoilt.hex(), "boxes": [box.hex() for box in boxes]}
        for who, spoilt, boxes in [
            (stranger, form, []), (private, form[:-1], []), (private, b"", []), (private, form[:4] + b"\0\0" + form[6:], []),
            (private, form[:at] + (b"a" if form[at : at + 1] != b"a" else b"b") + form[at + 1 :], []),
            (private, form[:start] + b"\x02" + form[start + 1 :], []), (private, stitched, []),
            (private, form, [second, first]), (private, form, [first, first]), (private, form, [form]),
        ]
    ]  # fmt: skip
    told = ask(bundle, lock=lock, seal=seal, forms=forms)
    assert set(told["opened"]) == set(told["unsealed"]) == set(told["read"]) == {"refused"}
    for one in lock:
        with pytest.raises(ciphers.Unopenable):
            ciphers.unlock(bytes.fromhex(one["key"]), bytes.fromhex(one["box"]), ciphers.bind(*one["bound"]))
    for one in seal:
        with pytest.raises(ciphers.Unopenable):
            ciphers.unseal(bytes.fromhex(one["private"]), bytes.fromhex(one["box"]))
    for spoilt in forms:
        with pytest.raises((ciphers.Unopenable, envelopes.NotAnEnvelope)):
            opened_form(spoilt["private"], spoilt["box"], spoilt["boxes"])
    print(f"{len(lock) + len(seal) + len(forms)} wrong boxes refused by both")


def test_published_vectors_come_out_as_published_on_both_sides(bundle: Path) -> None:
    told = ask(bundle, known=KNOWN)
    for one, other in zip(KNOWN, told["known"], strict=True):
        content, ad, nonce, key = (bytes.fromhex(one[name]) for name in ("content", "ad", "nonce", "key"))
        ours = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(content, ad, nonce, key)
        assert ours.hex() == other == one["box"]


def test_derived_keys_are_those_of_rfc_5869() -> None:
    """Its second part, expansion, with our label; the first test case of the RFC through the same class."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info, salt = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"), bytes.fromhex("000102030405060708090a0b0c")
    okm = HKDF(algorithm=hashes.SHA256(), length=42, salt=salt, info=info).derive(bytes([0x0B] * 22))
    assert okm.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    key = bytes([0x0B] * 22)
    ours = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"lygte/a").derive(key)
    assert ciphers.derive(key, "a") == ours != ciphers.derive(key, "b")


def test_passphrases_are_stretched_as_another_implementation_of_argon2id_does() -> None:
    for passes, memory in ((1, 8192), (2, 64 * 1024), (3, 1024 * 1024)):
        for words in ("", "four unrelated quiet words", "åæø 🙂"):
            salt = bytes(range(16))
            other = argon2.low_level.hash_secret_raw(
                words.encode(), salt, passes, memory // 1024, 1, 32, argon2.low_level.Type.ID
            )
            assert ciphers.stretch(words, salt, ciphers.Cost(passes, memory)) == other


def test_boxes_of_earlier_days_still_open(bundle: Path) -> None:
    """Made once with version 1 of the format and never changed: what is locked today must open in ten years."""
    old = json.loads((HERE / "old_boxes.json").read_text())
    told = ask(bundle, lock=[old["lock"]], seal=[old["seal"]])
    assert told["opened"] == [old["lock"]["content"]] and told["unsealed"] == [old["seal"]["content"]]
    key, box = bytes.fromhex(old["lock"]["key"]), bytes.fromhex(old["lock"]["box"])
    assert ciphers.unlock(key, box, ciphers.bind(*old["lock"]["bound"])).hex() == old["lock"]["content"]
    assert ciphers.unseal(bytes.fromhex(old["seal"]["private"]), bytes.fromhex(old["seal"]["box"])) == b"lygte, 2026"
