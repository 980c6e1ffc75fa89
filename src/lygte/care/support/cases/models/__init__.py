"""The records of a case, one file per kind. What was said is locked; in the open stand codes, days and municipalities."""

from .about import Health, Name, Reach, Situation
from .case import Case
from .dates import Deadline, Identification
from .feed import Feed
from .kept import Measure, Note
from .plan import Goal, Phase, Step

__all__ = [
    "Case",
    "Deadline",
    "Feed",
    "Goal",
    "Health",
    "Identification",
    "Measure",
    "Name",
    "Note",
    "Phase",
    "Reach",
    "Situation",
    "Step",
]
