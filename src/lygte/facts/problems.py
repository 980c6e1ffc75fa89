"""What can go wrong when facts are read or rebuilt."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "404.400": ProblemKind(
            _("There is no kind of fact called {name}."),
            _("Choose one of the kinds on the page of definitions."),
        ),
    }
)
