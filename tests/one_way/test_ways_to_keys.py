"""Ciphers are touched in one file, and what is locked is opened in few: each of them named here, with why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lygte"

VAULT, GATE = "core/vault/", "core/consent/gate.py"
GLASS = "core/consent/glass.py"  # the reason of an emergency opening, for the second person who looks at it
DOOR = "care/support/door/"  # the person's own way to their own record, by their slip
PACKAGES = "care/support/referrals/packages.py"  # a copy that left with consent: its receiver opens that, nothing else
DISCLOSURES = "care/support/referrals/actions/disclosures.py"  # two people, before something goes to an authority
INTAKE = "care/intake/actions/"  # forms under seal: open ones on arrival, locked ones in a key-holder's session

# Who may import what. A folder ends with a stroke.
MODULES = {
    "nacl": [f"{VAULT}ciphers.py"],
    "cryptography": [f"{VAULT}ciphers.py", f"{VAULT}odk.py"],  # odk: what the ODK specification of encrypted forms fixes
    "argon2": [f"{VAULT}ciphers.py"],
    "Crypto": [],
    "random": ["demo/"],  # an invented world is drawn from a seed; nothing else may be foreseeable
    # phones: compares two hashes of a token; phone_json: the ticket with which a phone sends one sealed form while it is locked
    "hmac": [f"{VAULT}ciphers.py", "care/intake/actions/phones.py", "care/intake/phone_json.py"],
    # Fingerprints of content and of 256-bit tokens, from before there was a vault or for what is no secret.
    "hashlib": [
        f"{VAULT}ciphers.py", f"{VAULT}odk.py", "core/audit.py", "core/members.py", "core/patience.py", "core/consent/texts.py", "core/consent/protection.py",
        "facts/projection.py", "knowledge/programme/content.py",
        # fingerprints of plans, and the public rule by which methods are dealt from a printed seed
        "knowledge/trials/plan.py", "knowledge/trials/engine/allocation.py", "demo/folder.py", "cli/operate.py", "care/intake/",
        "care/support/cases/actions/feeds.py", "care/support/cases/views/calendar.py",
        f"{DOOR}tries.py", f"{DOOR}codes.py", "care/support/referrals/tries.py",
    ],
}  # fmt: skip

# Who may call what opens something, or gives a key into the hand.
CALLS = {
    "open_values": [VAULT, GATE, PACKAGES],
    "open_key": [VAULT],
    "open_part": [VAULT],
    "intake_private": [VAULT],
    "open_on_arrival": [VAULT, f"{INTAKE}arriving.py"],
    "open_sealed_key": [VAULT, f"{INTAKE}sealed.py"],
    "open_sealed_part": [VAULT, f"{INTAKE}sealed.py", f"{INTAKE}arriving.py"],
    "open_record": [GATE, GLASS, DOOR, DISCLOSURES],
    "open_by_code": [VAULT, DOOR, PACKAGES],
    "open_for_organisation": [VAULT, PACKAGES],
    "unwrap_outside": [VAULT],
    "unlock": [VAULT, "care/intake/opening.py", f"{DOOR}sessions.py"],
    "unseal": [VAULT],
    "person_key": [VAULT, GATE, GLASS, DOOR, DISCLOSURES],
    "person_keys": [VAULT, GATE, DOOR],
    "organisation_private": [VAULT, PACKAGES],
    "current_private": [VAULT],
    "index_key": [VAULT],
    "open_under_passphrase": [
        VAULT,
        "care/intake/opening.py",
    ],  # an encrypted form, by the passphrase typed on its page
    "open_rsa_key": [VAULT, "care/intake/opening.py"],
    "open_for_server": [VAULT, "care/intake/digest_box.py"],
    # Keyed hashes of ways to reach somebody: one file makes them, at the moment a way is typed.
    "contact_marks": [VAULT, "care/netreach/marks.py"],
    "opt_out_marks": [VAULT, "care/netreach/marks.py"],
}


def allowed(place: str, where: list[str]) -> bool:
    return any(place == one or (one.endswith("/") and place.startswith(one)) for one in where)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
            "import_module",
            "__import__",
        ):
            yield from (str(arg.value).split(".")[0] for arg in node.args if isinstance(arg, ast.Constant))


def named(tree: ast.AST) -> Iterator[str]:
    """Yield every name that is used, called or not: a function that is handed on is called elsewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.ImportFrom):
            yield from (name.name for name in node.names)


def ways(source: Path) -> tuple[int, list[str]]:
    """Return how many files were read, and every use of a cipher or a key where none is allowed."""
    found, count = [], 0
    for path in sorted(source.rglob("*.py")):
        place, tree = path.relative_to(source).as_posix(), ast.parse(path.read_text())
        count += 1
        for module in set(imported(tree)) & set(MODULES):
            if not allowed(place, MODULES[module]):
                found.append(f"{place} imports {module}")
        for name in set(named(tree)) & set(CALLS):
            if not allowed(place, CALLS[name]):
                found.append(f"{place} uses {name}")
    return count, found


def test_ciphers_and_keys_are_used_only_where_it_was_reviewed() -> None:
    count, found = ways(SOURCE)
    print(f"{count} files, {len(MODULES)} modules and {len(CALLS)} functions looked for")
    assert count > 150 and not found, "\n".join(found)


PLANTED = {
    "a room imports a cipher": ("care/outreach/planted.py", "from nacl.secret import SecretBox", "imports nacl"),
    "a room imports it by name": ("site/planted.py", "import_module('cryptography.fernet')", "imports cryptography"),
    "the vault's pages import a cipher": ("core/vault/views.py", "import nacl", "imports nacl"),
    "a key from a foreseeable dice": ("core/vault/planted.py", "import random", "imports random"),
    "a hash for a secret": ("care/support/cases/planted.py", "import hashlib", "imports hashlib"),
    "a page opens past the gate": (
        "care/support/cases/planted.py", "from lygte.core.vault.fields import open_values as look", "uses open_values",
    ),
    "a page asks the gate's inner way": ("care/support/cases/views.py", "gate.open_record(record, key)", "uses open_record"),
    "an export takes keys": ("care/support/exchange/planted.py", "ring.person_keys(all)", "uses person_keys"),
    "a way is handed on": ("care/support/cases/planted.py", "look = gate.open_record", "uses open_record"),
    "statistics take the organisation's key": ("facts/planted.py", "ring.current_private()", "uses current_private"),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_way_is_seen(what: str, tmp_path: Path) -> None:
    place, line, told = PLANTED[what]
    planted = tmp_path / place
    planted.parent.mkdir(parents=True)
    planted.write_text(line + "\n")
    assert ways(tmp_path) == (1, [f"{place} {told}"])


def test_what_is_allowed_is_not_reported(tmp_path: Path) -> None:
    kept = tmp_path / GATE
    kept.parent.mkdir(parents=True)
    kept.write_text("fields.open_values(key, box, place, what)\n")
    assert ways(tmp_path) == (1, [])
