"""What can be done with forms, phones and filled forms. Each action is one transaction and one line in the log."""

from .filled import (
    add_files,
    hand_over,
    open_attachment,
    open_submission,
    receive,
    received_from,
    resolve_submission,
    store_submission,
    submit_answers,
)
from .forms import change_form_state, publish_form
from .phones import (
    NewDevice,
    add_device,
    find_device_by_password,
    find_device_by_token,
    hash_of,
    note_seen,
    revoke_device,
)

__all__ = [
    "NewDevice",
    "add_device",
    "add_files",
    "change_form_state",
    "find_device_by_password",
    "find_device_by_token",
    "hand_over",
    "hash_of",
    "note_seen",
    "open_attachment",
    "open_submission",
    "publish_form",
    "receive",
    "received_from",
    "resolve_submission",
    "revoke_device",
    "store_submission",
    "submit_answers",
]
