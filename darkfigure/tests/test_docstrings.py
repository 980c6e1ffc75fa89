"""What a public docstring must say: every parameter, what comes back (unit or shape), errors, source, an example.

Agreed words: ``Raises: nothing`` where a function has no error of its own, and ``Source: own`` where no paper is behind
it (bookkeeping, or a definition made here); a function that passes on says which page of docs/methods names it.
A number that the body raises by itself must be in the docstring.
"""

import ast
import inspect
import re
import textwrap

import pytest

import darkfigure as dk
from darkfigure.errors import PROBLEMS

SECTIONS = ("Args", "Returns", "Raises", "Source", "Example")
UNITS = re.compile(
    r"\b(people|person|shape|share|log|logit|odds|seconds|probability|status|row|rows|bit mask|bit masks|text|names?|"
    r"path|bit|Names|figure|axes|table|tables|models?|interval|True|None|whole number|whole numbers|lists|JSON)\b"
)


def public():
    """Functions that ``darkfigure`` offers, and the public methods of the classes it offers."""
    for name in dk.__all__:
        value = getattr(dk, name)
        if inspect.isfunction(value):
            yield name, value
        elif inspect.isclass(value) and not issubclass(value, Exception):
            for method, found in vars(value).items():
                plain = found.__func__ if isinstance(found, (classmethod, staticmethod)) else found
                if inspect.isfunction(plain) and not method.startswith("_"):
                    yield f"{name}.{method}", plain


def section(text, name):
    """What stands under a heading, up to the next heading."""
    others = "|".join((*SECTIONS, "Estimand"))
    found = re.search(rf"^{name}:(.*?)(?=^(?:{others}):|\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(1).strip() if found else ""


def raised_here(function):
    """Numbers of the problems that the body itself raises."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    calls = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
    return {arg.value for call in calls for arg in call.args[:1] if isinstance(arg, ast.Constant)} & set(PROBLEMS)


def complaints(function):
    """Everything that the docstring of a function leaves out."""
    text = inspect.getdoc(function) or ""
    said = text.split("Example:")[0]
    for parameter in inspect.signature(function).parameters:
        if parameter not in ("self", "cls") and not re.search(rf"\b{parameter}\b", said):
            yield f"parameter {parameter}"
    if not UNITS.search(section(text, "Returns")):
        yield "Returns: what, in which unit or shape"
    raises = section(text, "Raises")
    numbers = {int(number) for number in re.findall(r"\b[1-9]\d\d\b", raises)}
    for first, last in re.findall(r"\b([1-4]\d\d) to ([1-4]\d\d)\b", raises):
        numbers |= set(range(int(first), int(last) + 1)) & set(PROBLEMS)
    if not numbers and not raises.startswith("nothing"):
        yield "Raises: numbers of problems, or nothing"
    yield from (f"Raises: there is no problem {number}" for number in sorted(numbers - set(PROBLEMS)))
    yield from (f"Raises: {number}, which the body raises" for number in sorted(raised_here(function) - numbers))
    source = section(text, "Source")
    if not re.search(r"\b(1[89]|20)\d\d\b", source) and not source.startswith("own") and "docs/methods" not in source:
        yield "Source: a paper with its year, own, or a page"
    if ">>>" not in section(text, "Example"):
        yield "Example"


@pytest.mark.parametrize(("name", "function"), list(public()), ids=[name for name, _ in public()])
def test_a_public_docstring_says_shapes_units_errors_source_and_shows_an_example(name, function):
    assert list(complaints(function)) == []


def test_a_docstring_that_leaves_something_out_is_found():
    def half(table, depth):
        """Number of people.

        Args:
            table: an overlap table.

        Returns:
            Something.

        Raises:
            OptionError: 999 sometimes.
        """
        raise dk.OptionError(403, option="depth", value=depth, need="1")

    assert list(complaints(half)) == [
        "parameter depth",
        "Returns: what, in which unit or shape",
        "Raises: there is no problem 999",
        "Raises: 403, which the body raises",
        "Source: a paper with its year, own, or a page",
        "Example",
    ]
