"""What can be wrong with instruments, numbered 600 to 619."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "404.600": ProblemKind(
            _("This instrument is an empty place: its signs have not been entered from the source."),
            _("Choose another instrument. Nobody should guess what stands in this one."),
        ),
    }
)
