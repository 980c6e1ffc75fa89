"""What can be wrong with a batch, a message or an opt-out, numbered 640 to 659."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

CORRECT = _("Correct it and save again. Nothing was saved, nothing was lost.")

register(
    {
        "422.640": ProblemKind(_("{field}: a whole number from {low} to {high} is needed."), CORRECT),
        "422.641": ProblemKind(_("More messages were sent ({sent}) than you might write ({cleared})."), CORRECT),
        "422.642": ProblemKind(_("More messages were delivered ({delivered}) than sent ({sent})."), CORRECT),
        "422.643": ProblemKind(_("More people answered ({answered}) than messages reached ({reached})."), CORRECT),
        "422.644": ProblemKind(
            _("{field}: {part} is more than the answers ({whole})."),
            _("Each of them is an answer too: count it there, and save again. Nothing was saved, nothing was lost."),
        ),
        "422.645": ProblemKind(_("{field}: {part} is more than the conversations ({whole})."), CORRECT),
        "422.646": ProblemKind(
            _("Line {lines}: this is no telephone number, user name or e-mail address."),
            _("Write one on each line, without the address of a page. Nothing was checked and nothing was kept."),
        ),
        "422.647": ProblemKind(
            _("{count} at once are too many: {most} is the most."),
            _("Write to fewer, and make another batch of the others. Nothing was checked and nothing was kept."),
        ),
        "422.648": ProblemKind(
            _("{language}: the first line does not say who writes."),
            _("Begin the first line with {name} or name it there. Nothing was published."),
        ),
        "422.649": ProblemKind(
            _("{language}: the text does not say how to get no more messages."),
            _("Write in the text which word one answers, and the same word in the field. Nothing was published."),
        ),
        "422.650": ProblemKind(
            _("There is no published text of this message in that language."),
            _("Choose another language, or have the text written and published first. Nothing was checked."),
        ),
        "422.651": ProblemKind(_("{field}: this choice is not on the list."), _("Choose from the list.")),
        "422.652": ProblemKind(
            _("This channel is read by everybody there: nobody in particular is written to."),
            _("Leave the field empty, or choose the channel by which you write to persons. Nothing was checked."),
        ),
        "422.653": ProblemKind(
            _("Nobody is named to whom you want to write."),
            _("Write their numbers or user names, one on each line. They are checked and not kept."),
        ),
        "409.640": ProblemKind(
            _("A batch can be taken back on the day it was made, not later."),
            _("Correct its counts instead: set what was sent to 0 if nothing was sent."),
        ),
        "409.641": ProblemKind(_("This batch was taken back."), _("Make another one. Nothing was changed.")),
        "409.642": ProblemKind(
            _("What came of a batch can be written down for {days} days; they are over."),
            _("Leave the figures as they are. Nothing was changed."),
        ),
        "409.643": ProblemKind(
            _("There is nothing new to publish."), _("Write or change a text first, and publish it then.")
        ),
        "409.644": ProblemKind(
            _("Your organisation has a message with the title “{title}” already."), _("Choose another title.")
        ),
        "429.640": ProblemKind(
            _("Too many came by this connection just now."),
            _("Wait a minute and send it once more. What you sent before is kept."),
        ),
    }
)
