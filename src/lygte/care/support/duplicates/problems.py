"""What merging refuses, and how to go on."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "409.600": ProblemKind(
            _("One of the two has been merged already."),
            _("Take that apart first, or choose the one that was kept. Nothing was changed."),
        ),
        "409.601": ProblemKind(
            _("These two were taken apart already."),
            _("Go back to the list: it shows what stands now."),
        ),
        "422.600": ProblemKind(
            _("A person cannot be merged with themselves."),
            _("Choose two different codes."),
        ),
    }
)
