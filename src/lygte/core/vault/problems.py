"""What can go wrong with keys and locked content: a number, a sentence, the next step; never garbage."""

from django.utils.translation import gettext_lazy as _

from ..problems import ProblemKind, register

register(
    {
        "423.1": ProblemKind(
            _("This part is locked, and your session has not opened it."),
            _("Open it with your password. Nothing is lost."),
        ),
        "423.2": ProblemKind(
            _("That is not the password of your key."),
            _("Try again. If you have forgotten it, a colleague who holds the key can let you in anew."),
        ),
        "423.3": ProblemKind(
            _("You have no key yet, or nobody has let you in."),
            _("Make your key, then ask a colleague who holds the organisation's key to let you in."),
        ),
        "423.4": ProblemKind(
            _("Your organisation has no key yet, so nothing can be locked."),
            _("Ask your coordinator to set up the locked part."),
        ),
        "423.5": ProblemKind(
            _("At least two people must hold the organisation's key before anything is locked under it."),
            _("Let a second colleague in."),
        ),
        "423.6": ProblemKind(
            _("The recovery papers cannot be shown any more: they are kept nowhere but on paper."),
            _("If both papers are in safe hands, all is well. If not, make new ones on the page of keys."),
        ),
        "409.10": ProblemKind(
            _("{name} is the last one who holds the organisation's key."),
            _("Let somebody else in first, or everything locked would be lost."),
        ),
        "409.11": ProblemKind(
            _("Somebody else has changed this meanwhile."),
            _("Look at both versions and choose. Nothing was overwritten."),
        ),
        "409.12": ProblemKind(
            _("The locked part is set up already."),
            _("Let colleagues in instead."),
        ),
        "410.1": ProblemKind(
            _("This content was locked in an epoch whose key has been destroyed."),
            _("A backup older than {days} days cannot be opened: restore a newer one. This is how erasure is kept."),
        ),
        "410.2": ProblemKind(
            _("The key of this person's record is gone: it was erased."),
            _("Nothing can bring it back. The log of erasures says when it was done."),
        ),
        "422.20": ProblemKind(
            _("The locked content of {what} does not fit its place: it was changed or moved outside Lygte."),
            _("Tell your coordinator. Verify the log, and restore this record from a backup."),
        ),
        "422.21": ProblemKind(
            _("These words are not a recovery half, or one of them is misspelt."),
            _("Compare them with the paper, word by word."),
        ),
        "422.22": ProblemKind(
            _("The two halves do not belong together, or not to this organisation."),
            _("Look for the papers with the fingerprint {fingerprint}."),
        ),
        "423.7": ProblemKind(
            _("The organisation's key is being renewed, and the renewal is not finished."),
            _("Start it again: it goes on where it stopped, and nothing is lost."),
        ),
        "422.23": ProblemKind(
            _("{count} locked keys do not open under their epoch: they were changed or damaged outside Lygte."),
            _("The old epoch key is kept until they are restored from a backup, or until you say --give-up-damaged."),
        ),
        "422.24": ProblemKind(
            _("These words do not open this copy, or the file is not a sealed copy of an epoch's key."),
            _("Look for the papers with the fingerprint {fingerprint}, and for the newest copy."),
        ),
        "410.3": ProblemKind(
            _("This copy is of an epoch that has ended: its key was destroyed on purpose."),
            _("Destroy the copy too, and note it with “lygte keys copy-destroyed”."),
        ),
        "423.8": ProblemKind(
            _("This installation has no offline key of its own to seal copies to."),
            _("Make one with “lygte keys split”; it prints two papers for two people."),
        ),
        "422.25": ProblemKind(
            _("Two different names are needed: who did it and who saw it."),
            _("Name both. They stand in the log of copies."),
        ),
        "503.2": ProblemKind(
            _("Somebody has been writing for a whole minute, so the old key could not be put away."),
            _("Nothing is lost. Start it again; it goes on where it stopped."),
        ),
        "503.1": ProblemKind(
            _("The key of the current epoch is missing on this machine."),
            _("Bring the folder of keys back ({folder}), or its sealed copy. Until then nothing locked can be opened."),
        ),
    }
)
