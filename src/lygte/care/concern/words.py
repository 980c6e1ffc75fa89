"""What the questions of this room are called on pages and in problems."""

from django.utils.translation import gettext_lazy as _

SIGN = _("Sign")
KNOWN = _("How do you know it?")
SURE = _("How sure are you?")
DAY = _("Day")
REASON = _("Reason")
NOTE = _("A few words (optional)")
WHY = _("Why?")
