"""What lies beside the tables: what they are, what was left out, and what each column means."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from ..models import Form
from ..rules import label_in
from .choosing import Choice
from .schema import Schema

HEADS = ("table", "column", "kind", "label", "choices")
LONGEST = 2000  # characters of a list of choices


def about_of(form: Form, choice: Choice, count: int, locked: int, schema: Schema) -> dict[str, bytes]:
    """Return the files that stand beside the tables, by name, in the reader's language."""
    return {"about.txt": _told(form, choice, count, locked).encode(), "columns.tsv": _columns(schema).encode()}


def _told(form: Form, choice: Choice, count: int, locked: int) -> str:
    lines = [
        f"{form.title} ({form.form_id})",
        gettext("Made on %(day)s.") % {"day": date_format(timezone.localtime(), "DATETIME_FORMAT")},
        ngettext("%(count)s filled form.", "%(count)s filled forms.", count) % {"count": count},
    ]
    lines += [f"{name}: {value}" for name, value in choice.told().items()]
    if locked:
        lines.append(
            ngettext(
                "%(count)s encrypted form is not in here: only who has the key can open it.",
                "%(count)s encrypted forms are not in here: only who has the key can open them.",
                locked,
            )
            % {"count": locked}
        )
    lines += [
        "",
        gettext("Each repeat of the form is a table. __key names a row, __parent_key the row that it belongs to."),
        gettext("__other holds what was sent and has no column, or does not fit its column."),
        gettext("A text that a spreadsheet could run as a formula has an apostrophe in front."),
    ]
    return "\n".join([*lines, ""])


def _columns(schema: Schema) -> str:
    language = (get_language() or "en")[:2]
    lines = [HEADS] + [
        (
            table.name,
            column.name,
            str(column.kind),
            _one_line(label_in(column.label, language)),
            _one_line("; ".join(f"{name} = {label_in(label, language)}" for name, label in column.choices.items())),
        )
        for table in schema.tables
        for column in table.everything
    ]
    return "\n".join("\t".join(line) for line in lines) + "\n"


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"
