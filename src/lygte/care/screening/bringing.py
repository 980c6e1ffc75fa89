"""An instrument that an organisation brings: an XLSForm with the questions, and a scoring file that says how they are read.

The scoring file is YAML. What it names must be there, or the file is refused with the name and the line of what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from lygte.care.intake.handover import outline_of_workbook
from lygte.core.problems import Problem

from .library import LANGUAGES, LICENCES, WEIGHTS
from .scoring import RULES, SCALES

MOST_BYTES = 64_000
MOST_SIGNS = 300
GROUPS = ("adult", "child")
# What a rule looks at must be there: sections of the Delphi rule, the two questions of general signs.
NEEDS_SECTIONS = {
    "delphi/1": ("deceptive_recruitment", "coercive_recruitment", "exploitation", "coercion_destination"),
}
NEEDS_SIGNS = {"signs/1": ("next/danger_now", "next/talk_on")}
KEYS = frozenset(
    [
        "lygte_scoring",
        "title",
        "about",
        "version",
        "rule",
        "answers",
        "groups",
        "licence",
        "maker",
        "source",
        "checked",
        "sections",
        "indicators",
    ]
)


def understood(workbook: bytes, workbook_name: str, scoring: bytes) -> dict[str, Any]:
    """Return the instrument as plain data. Raises 422.702 to 422.706, or what is wrong with the workbook."""
    said = _read(scoring)
    outline = outline_of_workbook(workbook, workbook_name)
    labels = {str(one["path"]).rpartition("/")[2]: one["label"] for one in outline["questions"]}
    sections = {str(key): _words(words, said, key) for key, words in _mapping(said, "sections").items()}
    groups = [str(group) for group in said.get("groups", ["adult"])]
    rule, answers = str(said.get("rule")), str(said.get("answers"))
    licence = str(said.get("licence", "ask"))
    for name, value, allowed in (("rule", rule, RULES), ("answers", answers, SCALES), ("licence", licence, LICENCES)):
        if value not in allowed:
            raise Problem("422.704", at=_line(said, name), name=name, value=value[:60], allowed=", ".join(allowed))
    if not groups or not set(groups) <= set(GROUPS):
        raise Problem("422.704", at=_line(said, "groups"), name="groups", value="", allowed=", ".join(GROUPS))
    items = [
        _item(name, about, said, labels, sections, groups, rule) for name, about in _mapping(said, "indicators").items()
    ]
    made = {
        "title": _words(said.get("title"), said, "title"),
        "about": _words(said.get("about", said.get("title")), said, "about"),
        "version": _whole(said, "version"),
        "rule": rule,
        "answers": answers,
        "groups": groups,
        "licence": licence,
        "maker": str(said.get("maker", ""))[:120],
        "source": str(said.get("source", ""))[:500],
        "checked": str(said.get("checked", date.today().isoformat())),
        "sections": sections,
        "items": items,
    }
    _require(made, said)
    return made


def _read(scoring: bytes) -> Any:
    if len(scoring) > MOST_BYTES:
        raise Problem("413.702", kilobytes=MOST_BYTES // 1000)
    try:
        text = scoring.decode("utf-8")
        # Anchors and tags can make a small file large or strange; a scoring file needs neither.
        for number, line in enumerate(text.splitlines(), 1):
            if line.lstrip(" -").startswith(("&", "*", "!")) or ": &" in line or ": *" in line or ": !" in line:
                raise Problem("422.702", at=f"{number}")
        said = YAML(typ="rt").load(text)
    except (UnicodeDecodeError, YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Problem("422.702", at=str(mark.line + 1) if mark else "") from error
    if not isinstance(said, Mapping) or said.get("lygte_scoring") != 1:
        raise Problem("422.702", at="1")
    for key in said:
        if key not in KEYS:
            raise Problem("422.704", at=_line(said, key), name=str(key)[:60], value="", allowed=", ".join(sorted(KEYS)))
    return said


def _line(said: Any, key: object) -> str:
    """Return the line on which a key stands, for the sentence of a problem."""
    try:
        return str(said.lc.key(key)[0] + 1)
    except (AttributeError, KeyError, TypeError):
        return ""


def _mapping(said: Any, name: str) -> Any:
    found = said.get(name)
    if not isinstance(found, Mapping) or not 1 <= len(found) <= MOST_SIGNS:
        raise Problem("422.705", at=_line(said, name), name=name)
    return found


def _whole(said: Any, name: str) -> int:
    found = said.get(name)
    if type(found) is not int or not 1 <= found <= 9999:
        raise Problem("422.705", at=_line(said, name), name=name)
    return found


def _words(words: Any, said: Any, name: object) -> dict[str, str]:
    """Return words in every language; one that is missing reads in the first that is there."""
    if isinstance(words, str):
        words = {"en": words}
    given = {str(code): str(text)[:400] for code, text in words.items()} if isinstance(words, Mapping) else {}
    first = next((given[code] for code in LANGUAGES if given.get(code)), "")
    if not first:
        raise Problem("422.705", at=_line(said, name), name=str(name)[:60])
    return {code: given.get(code) or first for code in LANGUAGES}


def _item(
    name: Any,
    about: Any,
    said: Any,
    labels: Mapping[str, Any],
    sections: Mapping[str, Any],
    groups: list[str],
    rule: str,
) -> dict[str, Any]:
    line = _line(said["indicators"], name)
    if str(name) not in labels:
        raise Problem("422.703", at=line, name=str(name)[:60])
    if not isinstance(about, Mapping) or str(about.get("section")) not in sections:
        raise Problem("422.706", at=line, name=str(name)[:60])
    weights = {group: str(about[group]) for group in groups if group in about}
    if not set(weights.values()) <= set(WEIGHTS) or (rule.startswith("delphi/") and not weights):
        raise Problem("422.706", at=line, name=str(name)[:60])
    return {
        "dimension": str(about["section"]),
        "key": str(about.get("key", name)),
        "words": _labels(labels[str(name)], str(name)),
        "weights": weights,
    }


def _labels(label: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the words of a question in every language, from the workbook's columns such as “English (en)”."""
    found = {}
    for code in LANGUAGES:
        own = next((text for language, text in label.items() if language == code or f"({code})" in language), "")
        found[code] = own or next(iter(label.values()), "") or name
    return found


def _require(made: Mapping[str, Any], said: Any) -> None:
    paths = {f"{item['dimension']}/{item['key']}" for item in made["items"]}
    missing = [one for one in NEEDS_SECTIONS.get(made["rule"], ()) if one not in made["sections"]]
    missing += [
        one for one in NEEDS_SECTIONS.get(made["rule"], ()) if not any(path.startswith(f"{one}/") for path in paths)
    ]
    missing += [one for one in NEEDS_SIGNS.get(made["rule"], ()) if one not in paths]
    if missing or len(paths) != len(made["items"]):
        raise Problem("422.707", at=_line(said, "rule"), missing=", ".join(dict.fromkeys(missing)) or "–")
