"""The problems of lists, 430 to 459: what a filled form asks of them, and forms that may not make them."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

from ..problems import REASONS

_stored = _(
    "The filled form is stored and nothing in it is lost; the lists are as they were. Show this to whoever made the form."
)
_mend = _("Mend it in the workbook and upload it again. Nothing was changed.")

register(
    {
        "422.430": ProblemKind(_("The entry for a list has an id that is not a UUID of version 4."), _stored),
        "422.431": ProblemKind(_("A new entry for a list has no label."), _stored),
        "422.432": ProblemKind(
            _("A change to a list does not say which version it was written on (baseVersion)."), _stored
        ),
        "422.433": ProblemKind(_("A change to a list has a trunkVersion without a branchId."), _stored),
        "422.434": ProblemKind(_("“{name}” of a change to a list is not a whole number."), _stored),
        "422.435": ProblemKind(_("The branchId of a change to a list is not a UUID."), _stored),
        "422.436": ProblemKind(
            _("The form asks a list to “{action}”, which this version of the form does not declare."), _stored
        ),
        "404.437": ProblemKind(
            _("The entry that the form changes is not in the list."),
            _(
                "The filled form is stored. If the entry should be there, let the phone that made it send what it holds, then try again here."
            ),
        ),
        "404.438": ProblemKind(
            _("The form was written on version {version} of an entry, which this server has never had."),
            _("The filled form is stored. Make the change again on a phone that has just fetched the list."),
        ),
        "409.439": ProblemKind(
            _("The form makes an entry that is in the list already."),
            _(
                "The filled form is stored and the entry is as it was. Compare the two; change the entry by its own form."
            ),
        ),
        "409.440": ProblemKind(
            _("The entry that the form writes to has been deleted from the list."),
            _("The filled form is stored. Restore the entry in the list, then try again here, or leave it."),
        ),
        "422.441": ProblemKind(
            _("The list would have held a personal number, and holds none."),
            _(
                "The filled form is stored as received. Lists hold places, things and codes: make the entry again without the number."
            ),
        ),
        "422.442": ProblemKind(
            _("The list would have held what looks like {what}."),
            _(
                "The filled form is stored. Look at it: if it points at no person, say so and try again; otherwise make the entry again without it."
            ),
        ),
        "422.443": ProblemKind(
            _("The list holds cases by code only, and the label of the entry is not a code."),
            _(
                "The filled form is stored. Use the code of the case as its label: 3 to 40 letters, digits and hyphens, with a digit among them."
            ),
        ),
        "422.444": ProblemKind(
            _("The lists stopped unexpectedly ({kind})."),
            _("The filled form is stored. Tell those who run this server, then try it again here."),
        ),
        "422.445": ProblemKind(
            _("“{value}” would put something about a person into a list ({reason})."),
            _(
                "Lists go to every phone and hold places, things and codes. Leave “save_to” empty for this question; its answer is stored with the form all the same."
            ),
        ),
        "422.446": ProblemKind(
            _("A list called “{value}” would be a register of people."),
            _(
                "Keep a list of places, of things, or of cases by their code, and give it such a name. Nothing was changed."
            ),
        ),
        "422.447": ProblemKind(
            _("A list cannot hold “{value}”."),
            _("Write places, things or cases into the column “holds”, or leave it empty."),
        ),
        "422.448": ProblemKind(_("The version of entities “{value}” is not one that Lygte knows."), _mend),
        "422.449": ProblemKind(
            _("“{value}” cannot be the name of a list."),
            _("Begin with a letter, use letters, digits, hyphens and underscores, no full stop, and not “__” first."),
        ),
        "422.437": ProblemKind(
            _("“{value}” cannot be the name of a property, or stands twice."),
            _("Begin with a letter, use letters, digits, hyphens and underscores; “name” and “label” are taken."),
        ),
        "422.438": ProblemKind(
            _("New entries of the list “{value}” would have no label."),
            _("Fill in the column “label” of the sheet “entities”."),
        ),
        "422.439": ProblemKind(
            _("“{value}” is asked in a repeat and cannot feed a list entry outside of it."),
            _("Move the question out of the repeat, or declare the list inside it."),
        ),
        "409.441": ProblemKind(
            _("The entry has changed since the page was shown, or a field was left undecided."),
            _("Look at it once more and decide. Nothing was changed."),
        ),
        "409.442": ProblemKind(
            _("This filled form needs nothing any more: a form is written to the lists once."),
            _("Go back to the list."),
        ),
        "422.455": ProblemKind(_("The answer is too long for a list: at most {limit} characters."), _stored),
        "404.457": ProblemKind(_("There is no list “{name}” to switch on or off."), _("Go back to the lists.")),
    }
)
REASONS |= {
    "name": _("a name"),
    "contact": _("a way to reach somebody"),
    "number": _("a number, a date or an origin that belongs to one person"),
}
