"""The package itself: light import, public names with docstrings and examples that run, no heavy import by accident."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import darkfigure as dk

MODULES = sorted(name for _, name, _ in pkgutil.iter_modules(dk.__path__) if name != "__main__")
COMPILED = {"engine", "search", "replicates", "latent_kernel", "latent_density", "latent_gibbs", "streams"}


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_run(module):
    result = doctest.testmod(importlib.import_module(f"darkfigure.{module}"), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_import_is_light():
    code = "import sys, darkfigure; print([m for m in ('numba', 'scipy', 'pandas', 'matplotlib') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert out.stdout.strip() == "[]"


def _environment():
    import os

    return {**os.environ, "PYTHONPATH": ":".join([*sys.path])}


def test_every_public_name_can_be_reached():
    for name in dk.__all__:
        assert getattr(dk, name).__module__.startswith("darkfigure")
    with pytest.raises(AttributeError):
        _ = dk.nothing


def public_functions():
    for module in MODULES:
        loaded = importlib.import_module(f"darkfigure.{module}")
        for name, value in vars(loaded).items():
            if name.startswith("_") or getattr(value, "__module__", None) != loaded.__name__:
                continue
            if inspect.isfunction(value) or inspect.isclass(value):
                yield f"{module}.{name}", value


@pytest.mark.parametrize(("name", "value"), list(public_functions()), ids=[n for n, _ in public_functions()])
def test_every_public_function_and_class_has_a_docstring_with_an_example(name, value):
    text = inspect.getdoc(value)
    assert text
    assert ">>>" in text
