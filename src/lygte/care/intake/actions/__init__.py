"""What can be done with forms, phones and filled forms. Each action is one transaction and one line in the log."""

from .arriving import receive_envelope
from .filled import (
    add_files,
    open_attachment,
    open_submission,
    receive,
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
    is_cut_off,
    note_seen,
    revoke_device,
)
from .reviews import review_submission, undo_review
from .sealed import open_sealed, open_sealed_file, take_in_sealed
from .trash import line_of, put_in_trash, take_out_of_trash

__all__ = [
    "NewDevice",
    "add_device",
    "add_files",
    "change_form_state",
    "find_device_by_password",
    "find_device_by_token",
    "hash_of",
    "is_cut_off",
    "line_of",
    "note_seen",
    "open_attachment",
    "open_sealed",
    "open_sealed_file",
    "open_submission",
    "publish_form",
    "put_in_trash",
    "receive",
    "receive_envelope",
    "resolve_submission",
    "review_submission",
    "revoke_device",
    "store_submission",
    "submit_answers",
    "take_in_sealed",
    "take_out_of_trash",
    "undo_review",
]
