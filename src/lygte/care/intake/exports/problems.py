"""What can go wrong when filled forms leave the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

_ask = _("Ask without it. Lygte answers what Excel and Power BI send; the page of the form's feed says what that is.")

register(
    {
        "404.490": ProblemKind(
            _("There is no such table or row in this feed."),
            _("Read the list of tables at the address of the feed, and use a name from there."),
        ),
        "401.491": ProblemKind(
            _("The key of this feed is missing, not right, or was taken back."),
            _("Give it as the password, with any user name. Ask your coordinator for a new key if it no longer works."),
        ),
        "422.492": ProblemKind(
            _("A table of this form has {count} columns, and Excel holds {most}."),
            _("Take the tables as CSV or Parquet, or do not split multiple choices. Nothing was lost."),
        ),
        "400.493": ProblemKind(
            _("The question to the feed could not be understood: {what}."),
            _("Check this part of the address. Nothing was changed."),
        ),
        "501.494": ProblemKind(_("This feed does not answer {what}."), _ask),
        "405.495": ProblemKind(_("A feed can only be read."), _("Ask with GET. Nothing was changed.")),
        "400.496": ProblemKind(
            _("This part of the feed was asked for too late, or with other filters than its beginning."),
            _("Read the table again from its first page."),
        ),
        "409.497": ProblemKind(_("This feed has already been closed."), _("Go back to the page of the form.")),
        "503.498": ProblemKind(
            _("The feed could not be read just now."), _("Ask again in a few minutes. Nothing was changed.")
        ),
        "400.499": ProblemKind(_("Lygte does not know the format “{format}”."), _("Choose one of these: {known}.")),
        "404.510": ProblemKind(
            _("The organisation “{name}” has no form with the reference or form id {form}."),
            _("Look at the list of forms, and check which organisation you mean."),
        ),
        "409.511": ProblemKind(
            _("The file {path} is already there."), _("Name another with --out, or move it away. Nothing was written.")
        ),
    }
)
