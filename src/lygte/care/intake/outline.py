"""What Lygte remembers of an XForm: its questions with labels, its repeats, which answers are files.

It knows no Django: the process that converts workbooks imports it. The XForm it reads was made by pyxform.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

XF = "{http://www.w3.org/2002/xforms}"
ODK = "{http://www.opendatakit.org/xforms}"
H = "{http://www.w3.org/1999/xhtml}"
Labels = dict[str, str]
SEARCHED = re.compile(r"""(?:^|\s)search\s*\(\s*['"]([^'"]+)['"]""")


def outline_of(xform: bytes) -> dict[str, Any]:
    """Return languages, title, form id, version, questions, repeats, and the files that the form names."""
    root = etree.fromstring(xform, etree.XMLParser(resolve_entities=False, no_network=True))
    model = root.find(f".//{XF}model")
    instance = model.find(f"{XF}instance")[0]
    texts, languages = _texts(model)
    body = root.find(f"{H}body")
    labels, choices = _labels(body, texts, _lists(model, texts))
    types = {bind.get("nodeset"): bind.get("type", "string") for bind in model.findall(f"{XF}bind")}
    questions = [
        {
            "path": path,
            "type": types[path],
            "label": labels.get(path, {}),
            "choices": (offered := choices.get(path, {})),
            "order": list(offered),
        }
        for path in types
        if "/meta/" not in path
    ]
    return {
        "root": etree.QName(instance).localname,
        "title": root.findtext(f"{H}head/{H}title", ""),
        "form_id": instance.get("id", ""),
        "version": instance.get("version", ""),
        "languages": languages,
        "questions": questions,
        "groups": {path: label for path, label in labels.items() if path not in types},
        "repeats": [node.get("nodeset") for node in body.iter(f"{XF}repeat")],
        "files": [path for path, kind in types.items() if kind == "binary"],
        "media": _media(model, body),
        "public_key": _public_key(model),
        "audit_location": any(bind.get(f"{ODK}location-priority") for bind in model.findall(f"{XF}bind")),
    }


def choices_in_order(question: Mapping[str, Any]) -> dict[str, Labels]:
    """Return the choices of a question as the form offers them; PostgreSQL keeps the names of an object in an order of its own."""
    choices: dict[str, Labels] = question.get("choices") or {}
    return {name: choices[name] for name in question.get("order") or choices}


def _text_of(node: Any) -> str:
    """The words of a label; an `<output/>` in it becomes three dots."""
    words = [node.text or ""]
    for child in node:
        words += ["…" if child.tag == f"{XF}output" else "", child.tail or ""]
    return " ".join("".join(words).split())


def _texts(model: Any) -> tuple[dict[str, Labels], list[str]]:
    texts: dict[str, Labels] = {}
    languages = []
    for translation in model.findall(f"{XF}itext/{XF}translation"):
        language = translation.get("lang", "")
        languages.append(language)
        for text in translation.findall(f"{XF}text"):
            plain = [value for value in text.findall(f"{XF}value") if value.get("form") is None]
            if plain and (words := _text_of(plain[0])) not in {"", "-"}:
                texts.setdefault(text.get("id"), {})[language] = words
    return texts, languages


def _label_of(node: Any, texts: dict[str, Labels]) -> Labels:
    label = node.find(f"{XF}label")
    if label is None:
        return {}
    reference = label.get("ref", "")
    if reference.startswith("jr:itext('"):
        return texts.get(reference[len("jr:itext('") : -2], {})
    words = _text_of(label)
    return {"": words} if words else {}


def _lists(model: Any, texts: dict[str, Labels]) -> dict[str, dict[str, Labels]]:
    """Choice lists by the id of their secondary instance."""
    lists: dict[str, dict[str, Labels]] = {}
    for instance in model.findall(f"{XF}instance")[1:]:
        found: dict[str, Labels] = {}
        for item in instance.iter(f"{XF}item"):
            value = item.findtext(f"{XF}name", "")
            words = item.findtext(f"{XF}label")
            found[value] = {"": words} if words else texts.get(item.findtext(f"{XF}itextId", ""), {})
        lists[instance.get("id", "")] = found
    return lists


def _labels(
    body: Any, texts: dict[str, Labels], lists: dict[str, dict[str, Labels]]
) -> tuple[dict[str, Labels], dict[str, dict[str, Labels]]]:
    labels: dict[str, Labels] = {}
    choices: dict[str, dict[str, Labels]] = {}
    for node in body.iter():
        path = node.get("ref") if isinstance(node.tag, str) else None
        if not path or not path.startswith("/"):
            continue
        if label := _label_of(node, texts):
            labels.setdefault(path, label)
        itemset = node.find(f"{XF}itemset")
        if itemset is not None:
            source = itemset.get("nodeset", "").partition("instance('")[2].partition("'")[0]
            choices[path] = lists.get(source, {})
        for item in node.findall(f"{XF}item"):
            choices.setdefault(path, {})[item.findtext(f"{XF}value", "")] = _label_of(item, texts)
    return labels, choices


def _public_key(model: Any) -> str:
    """The key with which phones encrypt what is filled in, or "" where they do not."""
    submission = model.find(f"{XF}submission")
    return "" if submission is None else "".join(submission.get("base64RsaPublicKey", "").split())


def _media(model: Any, body: Any) -> list[str]:
    """The names of the files that the phone must fetch beside the form."""
    names = set()
    for instance in model.findall(f"{XF}instance"):
        source = instance.get("src", "")
        if source.startswith("jr://") and source != "jr://instance/last-saved":
            names.add(source.rsplit("/", 1)[-1])
    for value in model.iter(f"{XF}value"):
        if value.get("form") in {"image", "audio", "video", "big-image"} and (value.text or "").startswith("jr://"):
            names.add(str(value.text).rsplit("/", 1)[-1])
    # Lists of the older kinds: no instance of the form names their files.
    for control in body.iter("*"):
        if control.get("query"):
            names.add("itemsets.csv")
        if searched := SEARCHED.search(control.get("appearance", "")):
            names.add(searched[1].removesuffix(".csv") + ".csv")
    return sorted(names)
