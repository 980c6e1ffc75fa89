"""What can be wrong with a service, numbered 450 to 499."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "409.450": ProblemKind(
            _("Your organisation keeps a service called {name} already."),
            _("Choose a name that tells the two apart, or change the other entry."),
        ),
        "409.451": ProblemKind(
            _("A service cannot become an authority, nor an authority a service."),
            _("Close this entry and add another."),
        ),
        "409.452": ProblemKind(_("This service is closed already."), _("Nothing needs to be done.")),
        "409.453": ProblemKind(_("This service is open already."), _("Nothing needs to be done.")),
        "422.450": ProblemKind(_("This choice is not on the list."), _("Choose one of those offered.")),
        "422.451": ProblemKind(
            _("This looks like an address. The address of a shelter is never kept here."),
            _("Write a telephone number or a page where people can ask. The shelter tells the way itself."),
        ),
        "422.452": ProblemKind(
            _("A service says why it needs something, in a few words that the person will read."),
            _("Write a reason, or take the tick away."),
        ),
        "422.453": ProblemKind(
            _("Police, tax and immigration authorities cannot ask for anything here."),
            _("Take the ticks away. What is told to an authority goes another way, with two people."),
        ),
        "422.454": ProblemKind(
            _("An authority is never run by an organisation that works with Lygte."),
            _("Write the authority's own name as who runs it."),
        ),
    }
)
