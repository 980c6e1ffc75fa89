"""What can be done with a case; each action is one transaction and leaves one line in the log.

None of them asks for an identification, a screening, an answer about sex work or consent to statistics: support depends on none.
"""

from .cases import change_case, close_case, look_at_closing, open_case, reopen_case
from .dates import (
    add_deadline,
    add_identification,
    change_deadline,
    change_identification,
    end_deadline,
    extend_deadline,
    reopen_deadline,
)
from .feeds import make_feed, revoke_feed
from .plan import (
    add_goal,
    add_step,
    change_goal,
    change_phase,
    change_step,
    set_goal_state,
    set_step_state,
    start_phases,
    write_asked,
)
from .writing import add_measure, add_note, change_measure, change_note, remove_record, write_about

__all__ = [
    "add_deadline",
    "add_goal",
    "add_identification",
    "add_measure",
    "add_note",
    "add_step",
    "change_case",
    "change_deadline",
    "change_goal",
    "change_identification",
    "change_measure",
    "change_note",
    "change_phase",
    "change_step",
    "close_case",
    "end_deadline",
    "extend_deadline",
    "look_at_closing",
    "make_feed",
    "open_case",
    "remove_record",
    "reopen_case",
    "reopen_deadline",
    "revoke_feed",
    "set_goal_state",
    "set_step_state",
    "start_phases",
    "write_about",
    "write_asked",
]
