"""Sentences that libraries show on our pages but do not say in every language: collected here, translated by us."""

from django.utils.translation import gettext_noop, ngettext_lazy

WORDS = (
    gettext_noop("Authenticator code"),
    gettext_noop("This field is required."),
    gettext_noop("The email address and/or password you specified are not correct."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "number",
    ),
)
