"""A plan file: how it is read without trust, what it may contain, and how it is checked against the world."""

from .check import Vocabulary, check_plan
from .faults import Fault, PlanFileRefused
from .reading import read_plan
from .schema import PlanFile

__all__ = ["Fault", "PlanFile", "PlanFileRefused", "Vocabulary", "check_plan", "read_plan"]
