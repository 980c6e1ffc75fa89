"""The reference results of the R packages in tests/data; package, version and call stand in each entry."""

import csv
import json
import math
from functools import lru_cache
from pathlib import Path

import darkfigure as dk

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def everything():
    return json.loads((DATA / "reference.json").read_text())


def entries(name, package=None):
    """All (dataset, results) with a result of this name."""
    return [
        (entry["dataset"], entry["results"])
        for entry in everything()
        if entry["name"] == name and package in (None, entry["package"])
    ]


def one(dataset, name, package=None):
    return next(results for found, results in entries(name, package) if found == dataset)


def model_rows(dataset):
    with (DATA / f"models_{dataset}.csv").open() as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=32)
def table(dataset):
    return dk.example(dataset)


def same(value, reference, rtol=1e-7):
    return math.isclose(float(value), float(reference), rel_tol=rtol)
