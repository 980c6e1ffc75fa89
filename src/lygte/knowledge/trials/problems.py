"""What can go wrong with method trials, with the next step."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "422.710": ProblemKind(
            _("The plan cannot be registered yet: something is missing or does not fit."),
            _("Mend them below and register again. Everything you wrote is kept."),
        ),
        "422.711": ProblemKind(
            _("The plan has no main outcome, so nothing could decide the question."),
            _("Choose the one thing that is counted and decides, before anything is observed."),
        ),
        "422.712": ProblemKind(
            _("The plan does not say which question it answers."), _("Write one sentence in plain words.")
        ),
        "422.713": ProblemKind(
            _("A plan of this kind compares {needed} methods; this one names {found}."),
            _("Write each method on a line of its own, the usual one first."),
        ),
        "422.714": ProblemKind(
            _("“{found}” is not counted here."),
            _("Choose a count from the list. What is counted, and how, stands on the page “What is counted”."),
        ),
        "422.715": ProblemKind(
            _("The first day, {day}, is not ahead: a plan is registered before the first observation."),
            _("Choose a later first day."),
        ),
        "422.716": ProblemKind(
            _("Weeks begin on a Monday, and {day} is not a Monday."),
            _("Choose a Monday as the first day, such as {monday}."),
        ),
        "422.717": ProblemKind(
            _("{found} periods are too few for this plan: it needs {needed}."),
            _("Make the trial longer, or the turns shorter."),
        ),
        "422.718": ProblemKind(
            _("All of a turn would be left out after the change: {washout} of {turn} periods."),
            _("Leave out fewer periods, or make the turns longer."),
        ),
        "422.719": ProblemKind(
            _("{found} sites take part, and this plan needs {needed}."),
            _("Ask more organisations or municipalities, or choose a design that needs fewer."),
        ),
        "422.720": ProblemKind(
            _("These organisations have not answered yet: {names}."),
            _("Wait for their answer, or take the invitation back."),
        ),
        "422.721": ProblemKind(
            _("The plan makes {found} pairs of site and period; {most} is the most that can be worked out."),
            _("Make the trial shorter, or count by week instead of by day."),
        ),
        "422.722": ProblemKind(
            _("A change of a registered plan needs a reason."), _("Write in a sentence why the plan changes.")
        ),
        "422.723": ProblemKind(
            _("The past that was recorded here is too thin to try the plan out on it."),
            _("Record for a while first, choose an outcome that is counted more often, or register without it."),
        ),
        "409.710": ProblemKind(
            _("This plan is registered and cannot be changed like a draft."),
            _("Amend it: the change is dated, gives its reason, and both versions stay to be read."),
        ),
        "409.711": ProblemKind(
            _("The result cannot be worked out before {day}: the trial runs, or what comes late is still waited for."),
            _(
                "Come back on that day. Nobody looks before, because looking early is how chance gets mistaken for effect."
            ),
        ),
        "409.712": ProblemKind(_("The result has been issued and stays as it is."), _("Open the result.")),
        "409.713": ProblemKind(
            _("The new version says the same as the one before."), _("Change something, or leave the plan as it is.")
        ),
        "409.714": ProblemKind(
            _(
                "No result is shown: version {version} of the plan is not the one that was registered (its fingerprint differs)."
            ),
            _("Somebody changed it behind the record. Tell the host; the log and a backup show what it said."),
        ),
        "409.715": ProblemKind(
            _("No result is shown: the seed no longer gives the schedule that was registered."),
            _("Tell the host. The schedule that teams followed is in the downloads made at the time."),
        ),
        "409.716": ProblemKind(
            _("This cannot be done any more in the state in which the trial is."),
            _("Open the page of the trial: it shows what can be done now."),
        ),
        "409.717": ProblemKind(
            _("No result is shown: it is not the one that was issued (its fingerprint differs)."),
            _("Somebody changed it behind the record. Tell the host; the log and a backup show what it said."),
        ),
        "404.710": ProblemKind(
            _("There is no paper in that language."), _("Choose English, Danish or Dutch on the page of the result.")
        ),
        "409.690": ProblemKind(
            _("The figures of another trial, or of this one, are being worked out just now."),
            _("Wait a minute and press the button again. Nothing was changed."),
        ),
        "503.710": ProblemKind(
            _("The figures could not be worked out now."), _("Try again in a minute. Nothing was changed.")
        ),
    }
)
