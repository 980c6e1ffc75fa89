"""What the components need from Python: icons, form controls that point at their hint and error, the address of an undo."""

from typing import Any

from django import template
from django.forms import BoundField, Form, widgets
from django.utils.safestring import SafeString

from lygte.site.icons import draw_icon

register = template.Library()

# The order matters: a subclass stands before its parent.
KINDS: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.CheckboxSelectMultiple, "checkboxes"),
    (widgets.RadioSelect, "radios"),
    (widgets.CheckboxInput, "checkbox"),
    (widgets.Select, "select"),
    (widgets.Textarea, "textarea"),
    (widgets.FileInput, "file"),
    (widgets.HiddenInput, "hidden"),
    (widgets.MultiWidget, "several"),
    (widgets.Input, "input"),
)
CLASSES = {"select": "govuk-select", "textarea": "govuk-textarea", "file": "govuk-file-upload", "input": "govuk-input"}


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """`{% icon "places" %}`: one of the drawings of icons.py."""
    return draw_icon(name, size)


@register.filter
def kind_of(field: BoundField) -> str:
    """Which markup a field takes: input, select, textarea, file, checkbox, radios, checkboxes, several, hidden."""
    return next((kind for widget, kind in KINDS if isinstance(field.field.widget, widget)), "input")


def described_by(field: BoundField, hint: str) -> str:
    """The ids of hint and error, in the order a screen reader should say them."""
    ids = []
    if hint:
        ids.append(f"{field.auto_id}_hint")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(ids)


@register.filter(name="described_by")
def described_by_filter(field: BoundField, hint: str) -> str:
    """For the fieldset of radios and checkboxes."""
    return described_by(field, hint)


@register.simple_tag
def control(field: BoundField, extra_class: str = "", hint: str | None = None) -> SafeString:
    """The input itself, with the classes of the look and tied to its hint and error.

    A placeholder is never shown: it goes when one writes, and looks like an answer; the hint stays.
    """
    kind = kind_of(field)
    names = [CLASSES.get(kind, ""), extra_class, field.field.widget.attrs.get("class", "")]
    if field.errors and kind in CLASSES:
        names.append(f"{CLASSES[kind]}--error")
    attrs: dict[str, Any] = {"class": " ".join(name for name in names if name), "placeholder": False}
    if ids := described_by(field, str(field.help_text) if hint is None else hint):
        attrs["aria-describedby"] = ids
    if field.errors:
        attrs["aria-invalid"] = "true"
    # Django would point at the field's own help text, which a page may have replaced or left out.
    given, field.help_text = field.help_text, ""
    try:
        return field.as_widget(attrs=attrs)
    finally:
        field.help_text = given


@register.filter
def first_id(field: BoundField) -> str:
    """Where an error summary jumps to: the control, or the first of several."""
    kind = kind_of(field)
    if kind in {"radios", "checkboxes"}:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def errors_in_order(form: Form) -> list[tuple[str, str]]:
    """(id to jump to, message) for every error of a form: of the whole form first, then field by field."""
    found = [("", str(message)) for message in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else first_id(field)
        label = str(field.label)
        found.extend((target, f"{label}{' ' if label.endswith('?') else ': '}{message}") for message in field.errors)
    return found


@register.filter
def undo_address(message: Any) -> str:
    """Where "Undo" posts to: rooms say `messages.success(request, text, extra_tags="undo:/address/")`."""
    tags = str(getattr(message, "extra_tags", "") or "")
    address = next((tag[5:] for tag in tags.split() if tag.startswith("undo:")), "")
    return address if address.startswith("/") and not address.startswith("//") else ""


@register.filter
def tone_of(message: Any) -> str:
    """A message's level as the tone of a notice."""
    level = str(getattr(message, "level_tag", ""))
    return {"success": "success", "warning": "warning", "error": "error"}.get(level, "info")
