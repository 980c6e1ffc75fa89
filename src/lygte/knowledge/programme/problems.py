"""What can go wrong with plans and reports; most of it is what can be wrong in a plan file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from lygte.core.problems import Problem, ProblemKind, register

from .planfile.faults import Fault, Path, PlanFileRefused

_CORRECT = _("Correct the line and import the file again. Nothing was changed.")

register(
    {
        "400.300": ProblemKind(
            _("The plan file was not imported. Places in it that need another look: {count}."),
            _("Correct the lines below and import the file again. Nothing was changed."),
        ),
        "400.301": ProblemKind(
            _("The file is larger than a plan can be ({most})."),
            _("Check that it is the right file. Nothing was changed."),
        ),
        "400.302": ProblemKind(
            _("The file is not text in UTF-8."), _("Save it as plain text in UTF-8 and import it again.")
        ),
        "400.303": ProblemKind(
            _("The file uses an anchor or a reference (& or *)."),
            _("Write the value out where it is needed. Plan files do without them, since they can hide a huge file."),
        ),
        "400.304": ProblemKind(
            _("The file is nested deeper than {most} levels."),
            _("Check the indentation around this line. No plan is as deep as that."),
        ),
        "400.305": ProblemKind(
            _("The file uses a type tag (!)."),
            _("Take the tag out; put the value in quotes if it starts with an exclamation mark."),
        ),
        "400.306": ProblemKind(
            _("The file holds more than one document."), _("Keep one plan in a file and take out the line “---”.")
        ),
        "400.307": ProblemKind(
            _("The file is not readable as YAML: {reason}."),
            _("Look at this line and the one before: a missing colon, quote or indentation is the usual cause."),
        ),
        "400.308": ProblemKind(
            _("The file is not a plan: it has no keys."), _("Start from a plan that comes with Lygte and change it.")
        ),
        "400.310": ProblemKind(_("There is no key “{key}” here."), _("Did you mean “{meant}”? Nothing was changed.")),
        "400.311": ProblemKind(_("There is no key “{key}” here."), _("These may stand here: {known}.")),
        "400.312": ProblemKind(_("The key “{key}” is missing."), _("Add it. Nothing was changed.")),
        "400.313": ProblemKind(_("“{found}” does not fit here ({reason})."), _CORRECT),
        "400.315": ProblemKind(
            _("“{key}” stands here a second time."), _("Keep one of them, or give this one another name.")
        ),
        "400.316": ProblemKind(_("The number has more than {most} digits."), _CORRECT),
        "400.320": ProblemKind(
            _("“{found}” is not one of the choices."), _("Did you mean “{meant}”? Nothing was changed.")
        ),
        "400.321": ProblemKind(_("“{found}” is not one of the choices."), _("Choose one of these: {known}.")),
        "400.322": ProblemKind(_("There is no source “{found}” in this plan."), _("Did you mean “{meant}”?")),
        "400.323": ProblemKind(
            _("There is no source “{found}” in this plan."), _("Add it under “sources”, or use one of these: {known}.")
        ),
        "400.324": ProblemKind(_("There is no kind of fact “{found}”."), _("Did you mean “{meant}”?")),
        "400.325": ProblemKind(_("There is no kind of fact “{found}”."), _("Choose one of these: {known}.")),
        "400.326": ProblemKind(
            _("Facts of the kind “{fact}” have no dimension “{found}”."), _("Did you mean “{meant}”?")
        ),
        "400.327": ProblemKind(
            _("Facts of the kind “{fact}” have no dimension “{found}”."), _("Choose one of these: {known}.")
        ),
        "400.328": ProblemKind(_("“{found}” is no code of “{dimension}”."), _("Did you mean “{meant}”?")),
        "400.329": ProblemKind(_("“{found}” is no code of “{dimension}”."), _("Choose one of these: {known}.")),
        "400.330": ProblemKind(_("“{found}” is not a month."), _("Write a month like 2017-06.")),
        "400.331": ProblemKind(
            _("“{found}” is neither a month nor a season."),
            _("Write a month like 2017-06 or a season like: spring 2017."),
        ),
        "400.332": ProblemKind(
            _("“{found}” is not a date."),
            _("Write 2017, 2017-06 or 2017-06-30; where the source has none: not stated."),
        ),
        "400.333": ProblemKind(
            _("“{found}” cannot be a key."),
            _("Use small letters, digits and hyphens, starting with a letter or digit."),
        ),
        "400.334": ProblemKind(_("There is no indicator “{found}” in this plan."), _("Did you mean “{meant}”?")),
        "400.335": ProblemKind(
            _("There is no indicator “{found}” in this plan."),
            _("Declare it under “indicators”, or use one of these: {known}."),
        ),
        "400.336": ProblemKind(_("There is no area “{found}”."), _("Did you mean “{meant}”?")),
        "400.337": ProblemKind(
            _("There is no area “{found}”."),
            _("Use the code of a country, region, province or municipality: {known} …"),
        ),
        "400.340": ProblemKind(
            _("The period ends ({last}) before it begins ({first})."), _("Turn the two months round.")
        ),
        "400.341": ProblemKind(_("{found} lies outside {whole}."), _("Move it inside, or widen the period around it.")),
        "400.342": ProblemKind(
            _("The interval does not hold its own value ({value})."), _("Look both up in the source again.")
        ),
        "400.343": ProblemKind(
            _("A share needs to know of what: “where” is empty."),
            _("Say under “where” which of the facts are counted, or use “sum”."),
        ),
        "400.344": ProblemKind(
            _("A share cannot be broken down by a dimension."),
            _("Take “by” out, or declare a second indicator with “sum”."),
        ),
        "400.346": ProblemKind(_("The target of a share lies above 1."), _("Write 30 per cent as 0.3.")),
        "400.347": ProblemKind(
            _("The area “{found}” is not in the country of the plan ({country})."),
            _("Use an area of that country, or make a plan for each country."),
        ),
        "400.350": ProblemKind(_("No file was chosen."), _("Choose a plan file (.yaml) and import it again.")),
        "404.300": ProblemKind(
            _("The figure cannot be drawn in that way."), _("Open the report and follow its links.")
        ),
        "409.300": ProblemKind(
            _(
                "Initiative {initiative} is not in the new file, but organisations deliver it or reports were made of it."
            ),
            _("Keep it in the file. An initiative that has ended keeps its period. Nothing was changed."),
        ),
        "409.301": ProblemKind(
            _("This report has been issued and can no longer be changed."),
            _("Write what is new into the report of a later month."),
        ),
        "409.302": ProblemKind(
            _("The initiative has no deliverer up to this month, so there is nothing to report."),
            _("Add who delivers it, where and from when, on the page of the initiative."),
        ),
        "409.304": ProblemKind(
            _("Beside the report as at {month}, this one would give away a number under 5: the difference of the two."),
            _("Issue it as at a later month, when more has been recorded. The draft is kept."),
        ),
        "409.303": ProblemKind(
            _("The delivery overlaps one that {organisation} already has in the same area."),
            _("End the other one first, or choose another area or months."),
        ),
        "422.300": ProblemKind(
            _("Plans belong to funders, and {organisation} is not one."),
            _("Import the plan for an organisation of the kind “funder”."),
        ),
    }
)


# What was needed, by the kind of fault that the shape check reports.
_NEEDED = {
    "int_type": _("a whole number is needed"),
    "int_parsing": _("a whole number is needed"),
    "float_type": _("a number is needed"),
    "bool_type": _("true or false is needed"),
    "string_type": _("text is needed; put it in quotes if it looks like a number"),
    "list_type": _("a list is needed"),
    "tuple_type": _("a list is needed"),
    "dict_type": _("keys with values are needed"),
    "model_type": _("keys with values are needed"),
    "string_too_short": _("it is empty"),
    "string_too_long": _("it is too long"),
    "too_short": _("at least one is needed"),
    "greater_than": _("it must be above nought"),
    "greater_than_equal": _("it must not be below nought"),
    "less_than_equal": _("it is too large"),
    "string_pattern_mismatch": _("an address beginning with https:// is needed"),
}
_OTHER = _("something else is needed")


def problem_of(refused: PlanFileRefused) -> Problem:
    """Turn a refused plan file into one problem with a part for each fault."""
    parts = [Problem(fault.number, at=place_of(fault), **_details(fault)) for fault in refused.faults]
    return Problem("400.300", parts=parts, count=len(parts))


def _details(fault: Fault) -> dict[str, Any]:
    if fault.number != "400.313":
        return fault.details
    return {**fault.details, "reason": str(_NEEDED.get(fault.details["needed"], _OTHER))}


def place_of(fault: Fault) -> str:
    """Say where a fault stands: the line and column, then the way to it in words."""
    where = gettext("line {line}, column {column}").format(line=fault.line, column=fault.column)
    way = path_in_words(fault.path)
    return f"{where}: {way}" if way else where


def path_in_words(path: Path) -> str:
    """Write a path through the file as “initiatives, number 2 → milestones, number 1 → due”."""
    steps: list[str] = []
    for step in path:
        if isinstance(step, int) and steps:
            steps[-1] = pgettext("a place in a list", "{list}, number {number}").format(list=steps[-1], number=step + 1)
        else:
            steps.append(str(step))
    return " → ".join(steps)
