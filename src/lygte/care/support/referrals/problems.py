"""What can go wrong with referrals and disclosures, numbered 540 to 579."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

register(
    {
        "403.540": ProblemKind(
            _("Nothing can be referred or sent to police, tax or immigration authorities."),
            _("What a person wants them to know, or a court has ordered, is handed over on paper, by two people."),
        ),
        "404.540": ProblemKind(
            _("This link and these words open nothing."),
            _("Check the twelve words, and that both came from the same place. Else call those who gave them to you."),
        ),
        "409.540": ProblemKind(
            _("This was answered already: {state}."),
            _("Look at the answer. If it is wrong, call the organisation that sent it."),
        ),
        "409.541": ProblemKind(
            _("This service is closed, so nothing can be referred to it."),
            _("Choose another service. Nothing was sent."),
        ),
        "409.542": ProblemKind(
            _("The deletion was confirmed already."),
            _("Nothing needs to be done."),
        ),
        "409.543": ProblemKind(
            _("This was handed over already. The paper is made once."),
            _("What was on it stands in the record of the disclosure."),
        ),
        "409.544": ProblemKind(
            _("This was decided already."),
            _("Look at the register."),
        ),
        "410.540": ProblemKind(
            _("This referral was recalled, or its time is over. Nobody can open it any more."),
            _("Delete what you have noted from it, and confirm that you did."),
        ),
        "422.540": ProblemKind(
            _("Nothing would leave: nothing was chosen that the service asks for and the person agrees to."),
            _("Choose something, or give the person the number of the front gate instead."),
        ),
        "422.541": ProblemKind(
            _("The last day must lie within {days} days from now."),
            _("Choose an earlier day. A referral can be sent anew."),
        ),
        "422.542": ProblemKind(_("This choice is not on the list."), _("Choose one of those offered.")),
        "422.543": ProblemKind(
            _("{what} is too long."),
            _("Say it in fewer words: the service asked for little."),
        ),
        "422.544": ProblemKind(
            _("A court order needs the court, its reference number and its date, which cannot lie in the future."),
            _("Copy them from the order. Without them there is no order."),
        ),
        "422.545": ProblemKind(
            _("A disclosure names what is handed over, piece by piece."),
            _("Choose what the ground covers, and nothing else."),
        ),
        "429.540": ProblemKind(
            _("Too many tries with this link."),
            _("Wait an hour. If the words do not fit, call those who gave them to you."),
        ),
    }
)
