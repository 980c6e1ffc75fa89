"""What can be wrong with a place or a visit, numbered 200 to 299."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

CODE_NAME_ADVICE = _(
    "Two plain words that your team chooses, such as “Blue Heron”. Never an address, a person or a company. The real "
    "address will have its own locked room later; until then it stays where your team keeps it now."
)
CORRECT = _("Correct it and send the visit again. Nothing was recorded.")

register(
    {
        "422.200": ProblemKind(
            _("The visit could not be recorded as it stands."),
            _("Correct what is listed and send the visit again. Nothing was recorded, nothing was lost."),
        ),
        "422.201": ProblemKind(
            _("No active place of your organisation has the short code {code}."),
            _("Update the forms on the phone, or open the place again, and send the visit once more."),
        ),
        "422.202": ProblemKind(_("The day is missing, or is not a date."), _("Choose the day of the visit.")),
        "422.203": ProblemKind(
            _("The day {day} has not come yet."), _("Check the day, and the clock of the phone. Nothing was recorded.")
        ),
        "422.204": ProblemKind(
            _("The day {day} is more than {days} days ago."),
            _("Check the year. For older visits ask the host of this installation. Nothing was recorded."),
        ),
        "422.205": ProblemKind(_("{field}: a whole number from {low} to {high} is needed."), CORRECT),
        "422.206": ProblemKind(
            _("{field}: this choice is not on the list."), _("Update the form on the phone and choose again.")
        ),
        "422.207": ProblemKind(_("More people were spoken to ({spoken_to}) than were present ({present})."), CORRECT),
        "422.208": ProblemKind(_("More people were new ({new}) than were spoken to ({spoken_to})."), CORRECT),
        "422.209": ProblemKind(
            _("{field}: the counts add up to {total}, but {spoken_to} people were spoken to."),
            _("Correct the counts. Fewer are fine: leave out what is not known."),
        ),
        "422.210": ProblemKind(_("{field}: {count} people speak it, but {spoken_to} people were spoken to."), CORRECT),
        "422.211": ProblemKind(_("More STI tests were taken ({taken}) than were offered ({offered})."), CORRECT),
        "422.212": ProblemKind(
            _("Nobody was spoken to, and yet {field} is filled in."),
            _("Change the outcome, or clear the counts. Nothing was recorded."),
        ),
        "422.213": ProblemKind(
            _("The outcome says that somebody was spoken to, but the number of people spoken to is missing."),
            _("Say how many people you spoke with, or change the outcome."),
        ),
        "422.214": ProblemKind(_("“{field}” has no answer."), _("Fill it in and send the visit again.")),
        "422.230": ProblemKind(
            _("The code name looks like an address, a number or a contact."),
            _("Choose one to three plain words that tell nothing about where or who, such as “Blue Heron”."),
        ),
        "422.231": ProblemKind(_("This choice is not on the list."), _("Choose from the list. Nothing was changed.")),
        "422.690": ProblemKind(
            _("Only a workplace has an industry, and this one is not on the list."),
            _("Choose the kind “Other workplace”, and the industry from the list. Nothing was changed."),
        ),
        "409.230": ProblemKind(
            _("Your organisation already has a place called {name}."), _("Choose another code name.")
        ),
        "409.231": ProblemKind(_("The place is closed already."), _("Open its page to see it. Nothing was changed.")),
        "409.232": ProblemKind(_("The place is open already."), _("Open its page to see it. Nothing was changed.")),
        "409.233": ProblemKind(
            _("The place has visits, so its municipality stays."),
            _("A place that moved is a new place: close this one and add another."),
        ),
        "409.240": ProblemKind(
            _("The visit has been withdrawn already."), _("Open its page to see when and why. Nothing was changed.")
        ),
        "409.241": ProblemKind(
            _("The visit has not been withdrawn."), _("Open its page to see it. Nothing was changed.")
        ),
        "409.242": ProblemKind(
            _("The visit does not count because its filled form was rejected or put in the trash."),
            _("Open the filled form under “Received” and undo that; then the visit counts again."),
        ),
        "500.201": ProblemKind(
            _("No free short code could be found for the place."), _("Try again. Nothing was saved.")
        ),
    }
)
