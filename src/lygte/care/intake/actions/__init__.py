"""What can be done with forms, phones and filled forms. Each action is one transaction and one line in the log."""

from .arriving import receive_envelope
from .drafts import discard_draft, find_draft, publish_draft, receive_test, token_of, upload_draft
from .filled import (
    add_files,
    destroy_files_in_the_open,
    note_opened,
    open_attachment,
    open_submission,
    receive,
    resolve_submission,
    store_submission,
    submit_answers,
)
from .form_files import add_form_file, names_to_give
from .form_keys import encrypt_form
from .forms import change_form_state, publish_form
from .phones import (
    NewDevice,
    add_device,
    find_device_by_password,
    find_device_by_token,
    find_device_by_username,
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
    "add_form_file",
    "change_form_state",
    "destroy_files_in_the_open",
    "discard_draft",
    "encrypt_form",
    "find_device_by_password",
    "find_device_by_token",
    "find_device_by_username",
    "find_draft",
    "hash_of",
    "is_cut_off",
    "line_of",
    "names_to_give",
    "note_opened",
    "note_seen",
    "open_attachment",
    "open_sealed",
    "open_sealed_file",
    "open_submission",
    "publish_draft",
    "publish_form",
    "put_in_trash",
    "receive",
    "receive_envelope",
    "receive_test",
    "resolve_submission",
    "review_submission",
    "revoke_device",
    "store_submission",
    "submit_answers",
    "take_in_sealed",
    "take_out_of_trash",
    "token_of",
    "undo_review",
    "upload_draft",
]
