"""The problems of this room."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "422.520": ProblemKind(
            _("A timer runs for at most {hours} hours."),
            _("Choose an earlier time, and start another timer when this one ends."),
        ),
        "422.521": ProblemKind(
            _("This colleague cannot be told: they do not work in your organisation, or it is you yourself."),
            _("Choose another colleague. No timer was started."),
        ),
        "409.520": ProblemKind(_("This timer has already ended."), _("Go back to the list.")),
    }
)
