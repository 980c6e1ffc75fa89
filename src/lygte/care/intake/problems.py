"""The problems of this room, 100 to 199: forms that cannot be published, submissions that cannot be taken in."""

from django.utils.translation import gettext_lazy as _

from lygte.core.problems import ProblemKind, register

MEND = _("Mend it and upload the workbook again. Nothing was changed.")
_stays = _("It stays on the phone. Show this message to the coordinator of your organisation.")

NOT_WITH_ENCRYPTION = {
    "taken_in": _("it is taken in as it comes, and nobody could read it then"),
    "sealed": _("its grade seals it already, with the key of the organisation"),
    "last_saved": _("it uses what was filled in last, which stays readable on the phone"),
    "entities": _("it feeds lists, which the server would have to read"),
}

REASONS = {
    "unfinished": _("something is missing at the end"),
    "unexpected": _("“{text}” cannot stand there"),
    "not_closed": _("“{text}” is missing at the end"),
    "open_quote": _("a quotation mark is opened and never closed"),
    "curly_quote": _("use straight quotation marks instead of curly ones"),
    "character": _("“{text}” is not part of an expression"),
    "function": _("there is no function “{text}”; did you mean “{suggestion}”?"),
    "arguments": _("“{text}” does not take {count} arguments"),
    "too_deep": _("it is nested too deeply"),
}

register(
    {
        "422.100": ProblemKind(
            _("The form was not published. Things to mend: {count}."),
            _("Mend them in the workbook and upload it again. Nothing was changed."),
        ),
        "422.101": ProblemKind(
            _("“{name}” is not a kind of file that a form can be made from."),
            _("Save the form as a workbook (.xlsx), or as .csv or .md, and upload it again."),
        ),
        "413.102": ProblemKind(
            _("The file is {megabytes} MB; a form may be at most {limit} MB."),
            _("Remove pictures and unused sheets from the workbook, save it and upload it again."),
        ),
        "413.103": ProblemKind(
            _("The workbook has {count} rows or more; at most {limit} are read."),
            _("Delete the empty rows below the form, save the workbook and upload it again."),
        ),
        "422.104": ProblemKind(
            _("The text is not in UTF-8: byte {position} belongs to another encoding."),
            _("Save the file as UTF-8 and upload it again."),
        ),
        "422.105": ProblemKind(
            _("The file is damaged, locked with a password, or not a workbook at all."),
            _("Open it in your spreadsheet program, save it as .xlsx without a password and upload it again."),
        ),
        "413.106": ProblemKind(
            _("The workbook is made of {count} parts; at most {limit} are read."),
            _("Remove pictures and unused sheets, save the workbook and upload it again."),
        ),
        "413.107": ProblemKind(
            _("Unpacked, the workbook would be {megabytes} MB; at most {limit} MB are read."),
            _("Remove pictures and unused sheets, save the workbook and upload it again."),
        ),
        "413.108": ProblemKind(
            _("The workbook has more than {limit} filled or formatted cells."),
            _("Delete the cells around the form, save the workbook and upload it again."),
        ),
        "413.109": ProblemKind(
            _("Reading the workbook took too much time or memory, so it was stopped."),
            _("Remove what does not belong to the form, save the workbook and upload it again."),
        ),
        "422.111": ProblemKind(
            _("The workbook has no sheet “survey” with questions under the headings “type” and “name”."),
            MEND,
        ),
        "422.112": ProblemKind(_("There is no type “{value}”. Did you mean “{suggestion}”?"), MEND),
        "422.113": ProblemKind(_("There is no type “{value}”."), MEND),
        "422.114": ProblemKind(_("The name “{value}” is already used in row {first}."), MEND),
        "422.115": ProblemKind(_("“{name}” has no label, so nobody would see what is asked."), MEND),
        "422.116": ProblemKind(_("“{value}” ({name}) is never ended."), MEND),
        "422.117": ProblemKind(_("“{value}” ends something that was not begun here."), MEND),
        "422.118": ProblemKind(_("“{name}” has no type."), MEND),
        "422.120": ProblemKind(_("“{value}” must be followed by the name of a list of choices."), MEND),
        "422.121": ProblemKind(_("The sheet “choices” has no list “{value}”."), MEND),
        "422.122": ProblemKind(_("The sheet “choices” has no list “{value}”. Did you mean “{suggestion}”?"), MEND),
        "422.123": ProblemKind(_("The question of type “{value}” has no name."), MEND),
        "422.124": ProblemKind(
            _("“{value}” cannot be a name: letters, digits, “_”, “-” and “.” only, a letter first."), MEND
        ),
        "422.125": ProblemKind(_("The choice “{value}” belongs to no list."), MEND),
        "422.126": ProblemKind(_("A choice of the list “{value}” has no name."), MEND),
        "422.127": ProblemKind(_("No question is called “{value}”."), MEND),
        "422.128": ProblemKind(_("No question is called “{value}”. Did you mean “{suggestion}”?"), MEND),
        "422.129": ProblemKind(_("The expression is not well formed at character {position}: {reason}."), MEND),
        "422.130": ProblemKind(_("This is {length} characters long; at most 200 are possible."), MEND),
        "422.132": ProblemKind(_("The converter says: {message}"), MEND),
        "422.133": ProblemKind(_("The workbook holds something that the converter cannot read ({message})."), MEND),
        "422.134": ProblemKind(_("Groups or expressions are nested too deeply."), MEND),
        "409.135": ProblemKind(
            _("Version “{version}” of “{form_id}” has been published with other contents."),
            _("Give the form a new version in the sheet “settings” and upload it again. A version never changes."),
        ),
        "422.136": ProblemKind(
            _("No file was chosen."),
            _("Choose the workbook of the form and upload it."),
        ),
        "200.101": ProblemKind(
            _("“{value}” records something about the phone or the worker who carries it."),
            _("Leave it out unless you need it and have told the workers."),
        ),
        "200.102": ProblemKind(
            _("The function “{value}” is not one that every phone app knows."), _("Try the form on a phone first.")
        ),
        "200.103": ProblemKind(
            _("The form has no “form_id”, so the name of the file is used: “{value}”."),
            _("Give it one in the sheet “settings” so that renaming the file does not make a new form."),
        ),
        "200.104": ProblemKind(_("The converter remarks: {message}"), _("You may publish the form as it is.")),
        "200.105": ProblemKind(
            _("The form names the file “{value}”, which this server does not hold."),
            _("Questions that need the file will not work on the phone."),
        ),
        # Grades of forms -------------------------------------------------------------------------------------------
        "422.460": ProblemKind(
            _("There is no grade “{value}”."), _("Write open, locked or sealed, or leave it out: then it is locked.")
        ),
        "422.461": ProblemKind(
            _("“{name}” fills in what was answered last time, so the last form stays readable on the phone."),
            _("Take “last-saved” out. No grade allows it."),
        ),
        "422.462": ProblemKind(
            _("“{name}” writes down where the phone is without anybody doing anything."),
            _("Take it out, or ask with a question of type “geopoint” in a locked form. No grade allows it."),
        ),
        "422.463": ProblemKind(
            _("“{name}” writes down what belongs to the phone or to the worker: its id, number or user."),
            _("Take it out: Lygte knows by itself which phone sent a form. No grade allows it."),
        ),
        "422.464": ProblemKind(
            _(
                "The record of how a form is filled in would hold “{name}”, which watches the worker or keeps answers twice."
            ),
            _("Take it out of the parameters of “audit”. No grade allows it."),
        ),
        "422.465": ProblemKind(
            _("“{name}” records sound in the background."),
            _("Take it out. Where sound is needed, ask for it with a question of type “audio” in a locked form."),
        ),
        "422.466": ProblemKind(
            _("“{name}” hands answers to another app on the phone, which may keep them."),
            _("Take out the appearance or intent. No grade allows it."),
        ),
        "422.467": ProblemKind(
            _("The form would send or fetch something elsewhere: {value}."),
            _("Take the address out: forms of Lygte are sent to Lygte alone."),
        ),
        "422.468": ProblemKind(
            _("“{name}” would put what was answered about a person on a list that phones can read."),
            _("Let only an open form write to lists, and only codes and choices, never words or names."),
        ),
        "422.469": ProblemKind(
            _("“{name}” asks for a position, finer than the grade “{grade}” may keep."),
            _(
                "Ask for the place by its code name, or give the form a stricter grade. Locked forms may ask for a point."
            ),
        ),
        "422.470": ProblemKind(
            _("“{name}” asks for a picture, sound or file, and an open form has counts only."),
            _("Take it out, or give the form the grade “locked”."),
        ),
        "422.471": ProblemKind(
            _("“{name}” asks for a picture of a face or of somebody's papers."),
            _("Take it out, or give the form the grade “sealed”: then only a phone that seals by itself can send it."),
        ),
        "422.472": ProblemKind(
            _(
                "“{name}” seems to ask for somebody's name, number, address or day of birth, and an open form has counts only."
            ),
            _("Take it out, ask with choices instead, or give the form the grade “locked”."),
        ),
        "422.473": ProblemKind(
            _("The form has an action “{name}” that Lygte does not know, so it cannot tell what it would do."),
            _("Take it out. What is not known to be harmless is not published."),
        ),
        "200.460": ProblemKind(
            _("“{name}” asks for a picture. No machine can tell whether a face will be in it."),
            _("Tell the workers what may be photographed. The picture is sealed and its hidden data are taken out."),
        ),
        "200.461": ProblemKind(
            _("“{name}” takes any words, and an open form is kept readable."),
            _("Ask with choices if you can, and write in the hint that no names belong there."),
        ),
        "200.462": ProblemKind(
            _(
                "The form declares no grade, so it is locked: sealed when it arrives, and opened by whoever holds the key."
            ),
            _("Write “lygte_grade” in the sheet “settings”: open, locked or sealed."),
        ),
        "409.485": ProblemKind(
            _("Version “{version}” of “{form_id}” has been published with another grade."),
            _("Give the form a new version in the sheet “settings” and upload it again. A version never changes."),
        ),
        # Forms under seal ------------------------------------------------------------------------------------------
        "400.474": ProblemKind(_("What was sent is not a sealed form, or was cut off."), _stays),
        "409.475": ProblemKind(_("The sealed form is for another organisation than this phone's."), _stays),
        "410.476": ProblemKind(
            _("The form was sealed to a key that this server does not have any more."),
            _("It stays on the phone. Tell those who run this server: a sealed copy of the key may still open it."),
        ),
        "422.477": ProblemKind(
            _("The sealed form was changed on its way, or holds something else than it says on its outside."), _stays
        ),
        "403.478": ProblemKind(
            _("The form “{form_id}” is taken in only from an app that seals it on the phone."),
            _("It stays on the phone. Fill it in with the field app of Lygte instead."),
        ),
        "423.479": ProblemKind(
            _("The form “{form_id}” must be sealed, and the organisation has no key yet."),
            _("Ask the coordinator to set up the locked part first. Nothing is lost."),
        ),
        "409.480": ProblemKind(
            _("A locked form cannot be changed after sending it: nobody here can read what was sent first."),
            _("What was sent first is kept, and the change stays on the phone. Fill in the form anew to correct it."),
        ),
        "413.481": ProblemKind(
            _("The picture “{name}” unpacks to far more than any photograph would."),
            _("It stays on the phone. Take the picture again with the camera of the phone."),
        ),
        "415.482": ProblemKind(
            _("Hidden data cannot be taken out of this file ({reason}), so it is kept and not shown."),
            _("Send it again as JPEG, PNG or WebP if somebody must see it. What was sent is not lost."),
        ),
        "409.483": ProblemKind(
            _("This sealed form needs nothing any more: it has been taken in."), _("Go back to the list.")
        ),
        "400.140": ProblemKind(_("The filled form is not well-formed XML: {reason}."), _stays),
        "400.141": ProblemKind(_("The filled form declares entities or a document type, which is refused."), _stays),
        "400.142": ProblemKind(_("The filled form is nested more than {limit} levels deep."), _stays),
        "400.143": ProblemKind(_("The filled form is not in UTF-8."), _stays),
        "413.144": ProblemKind(_("The filled form is too large: at most {limit}."), _stays),
        "400.145": ProblemKind(_("The filled form has no instanceID, so it could be stored twice."), _stays),
        "404.146": ProblemKind(
            _("Your organisation has no form “{form_id}”."),
            _("It stays on the phone. Ask your coordinator whether the form was published for your organisation."),
        ),
        "404.147": ProblemKind(
            _("The form “{form_id}” has never had the version “{version}”."),
            _("It stays on the phone. Fetch the form again, and show this message to your coordinator."),
        ),
        "409.148": ProblemKind(
            _("The form “{form_id}” is closed and takes nothing in any more."),
            _("It stays on the phone. Ask your coordinator to open the form again, then send it once more."),
        ),
        "409.149": ProblemKind(
            _("A filled form with this instanceID but other contents is already stored."),
            _("What was stored first is kept. This one stays on the phone: show this message to your coordinator."),
        ),
        "400.151": ProblemKind(_("The request must have exactly one part “xml_submission_file”."), _stays),
        "400.152": ProblemKind(_("The request is cut off or not well-formed."), _("Send it again from the phone.")),
        "413.153": ProblemKind(
            _("The request has too many parts: at most {limit} can be sent at once."),
            _("It stays on the phone. Send it in several requests, as phone apps do by themselves."),
        ),
        "413.154": ProblemKind(
            _("The request is larger than {limit} MB."),
            _("It stays on the phone. Send fewer or smaller files with one form."),
        ),
        "415.155": ProblemKind(_("The request is not of the type multipart/form-data."), _stays),
        "403.156": ProblemKind(
            _("This phone is not, or no longer, allowed to send and fetch forms."),
            _("Nothing on it is lost. Ask your coordinator for a new code and scan it."),
        ),
        "401.157": ProblemKind(
            _("The user name or the password of this phone is not right, or has been revoked."),
            _("Nothing on it is lost. Ask your coordinator for a new code and scan it."),
        ),
        "401.730": ProblemKind(
            _("This phone was added before phones could log in in this way (Digest)."),
            _(
                "Nothing on it is lost. Ask your coordinator to make a new code: Phones, Add a phone. Scan it; the old one can then be revoked."
            ),
        ),
        "404.158": ProblemKind(
            _("There is no such OpenRosa address."), _("Check the server address in the settings of the phone app.")
        ),
        "405.159": ProblemKind(
            _("This OpenRosa address does not take that kind of request."), _("Use the phone app to send and fetch.")
        ),
        "404.160": ProblemKind(_("There is no such form or file for this phone."), _("Fetch the list of forms again.")),
        "503.161": ProblemKind(
            _("The filled form could not be stored just now."),
            _("It stays on the phone and nothing was half-stored. Send it again in a few minutes."),
        ),
        "400.162": ProblemKind(_("The name of a file in the request is longer than {limit} characters."), _stays),
        "422.170": ProblemKind(
            _("The form “{form_id}” has no question “{name}”."), _("Check the form. Nothing was changed.")
        ),
        "422.171": ProblemKind(
            _("The room that takes in this form stopped unexpectedly ({kind})."),
            _("The filled form is stored. Tell those who run this server, then try it again here."),
        ),
        "409.172": ProblemKind(
            _("This filled form needs nothing any more: it has been taken in."), _("Go back to the list.")
        ),
        "409.173": ProblemKind(_("This phone has already been revoked."), _("Go back to the list of phones.")),
        "404.174": ProblemKind(
            _("No member may do this: {what}."),
            _("Add a coordinator or worker to an outreach organisation first."),
        ),
        "404.175": ProblemKind(
            _("The organisation “{name}” has not published the form “{form_id}”."),
            _("Ask the coordinator to publish it."),
        ),
        "404.410": ProblemKind(
            _("The filled form that this one changes is not stored here."),
            _("It stays on the phone. Send the first one first; or show this message to your coordinator."),
        ),
        "409.401": ProblemKind(
            _("The filled form that this one changes has been changed by somebody else in the meantime."),
            _("The other change is kept, and this one stays on the phone. Show this message to your coordinator."),
        ),
        "409.402": ProblemKind(
            _("This filled form was put in the trash."),
            _("It stays on the phone. If it was meant to be kept, ask your coordinator to take it out of the trash."),
        ),
        "409.403": ProblemKind(
            _("A newer edit has taken the place of this filled form."),
            _("Open the newest one from this page, and do it there."),
        ),
        "422.404": ProblemKind(
            _("Say in a few words why."),
            _("Whoever filled in the form should be able to see what is wrong with it. Nothing was saved."),
        ),
        "409.405": ProblemKind(
            _("This step cannot be undone: another one came after it, or it has been undone."),
            _("Load the page again to see how it stands now."),
        ),
        "409.406": ProblemKind(_("This filled form is not in the trash."), _("Load the page again.")),
        "409.407": ProblemKind(_("This filled form lies in the trash."), _("Take it out of the trash first.")),
        "422.408": ProblemKind(
            _("The room that took in “{form_id}” cannot follow a change made later."),
            _("The edit is stored. Correct by hand what was made of the first one."),
        ),
        "404.411": ProblemKind(
            _("There is no draft under this address: it was published, thrown away, or never was."),
            _("Ask whoever gave you the code for a new one."),
        ),
        "422.412": ProblemKind(
            _("The form “{form_id}” must be sent encrypted, and this one is not."),
            _("It stays on the phone. Fetch the form again; what is filled in from then on is encrypted."),
        ),
        "422.413": ProblemKind(
            _("The filled form is encrypted, but this version of “{form_id}” has no key to open it with."),
            _("It stays on the phone. Show this message to your coordinator."),
        ),
        "400.414": ProblemKind(_("The envelope of the encrypted form is not complete: {what}."), _stays),
        "422.415": ProblemKind(
            _("Files came in the open beside an encrypted form ({count})."),
            _("They were sealed with the key of the form on arrival. Open the form to look at them, or destroy them."),
        ),
        "422.416": ProblemKind(
            _("This passphrase does not open the key of the form."),
            _("Type it again. Lygte does not keep it, so nobody can look it up for you."),
        ),
        "422.417": ProblemKind(
            _("“public_key” is not a key with which phones can encrypt: RSA of 2048 bits, DER, base64 in one line."),
            MEND,
        ),
        "422.418": ProblemKind(
            _("What came cannot be decrypted with the key of the form: it was damaged, or made with another key."),
            _("Ask whether the phone still has the form, and send it again. What came is kept."),
        ),
        "422.419": ProblemKind(
            _("The passphrase is too short: at least {least} characters."),
            _("Choose several words that do not belong together, and write them down where only you look."),
        ),
        "422.420": ProblemKind(
            _("The form does not ask you for a file “{name}”."),
            _("Give the file exactly the name that stands in the form, and add it again. Nothing was changed."),
        ),
        "413.421": ProblemKind(
            _("The file is {megabytes} MB; at most {limit} MB are possible."),
            _("Make it smaller: phones fetch it over weak connections. Nothing was changed."),
        ),
        "422.422": ProblemKind(_("The file “{name}” is empty."), _("Choose another. Nothing was changed.")),
        "422.423": ProblemKind(
            _("“{form_id}” cannot be encrypted: {reason}."),
            _("Leave the form as it is, or make another form without that. Nothing was changed."),
        ),
        "404.424": ProblemKind(
            _("Lygte does not hold the key of this form: it was made elsewhere."),
            _("Download the encrypted files and open them where the key is."),
        ),
        "413.425": ProblemKind(
            _("The files of this form are {megabytes} MB, more than can be opened on a page."),
            _("Download the encrypted files and open them on a computer of your own."),
        ),
        "409.426": ProblemKind(_("This filled form holds no such files."), _("Load the page again.")),
        "400.521": ProblemKind(
            _("What the app on the phone sent could not be read."),
            _("Nothing was lost: it stays on the phone. Bring the app up to date and try again."),
        ),
        "403.520": ProblemKind(
            _("This phone did not seal what it sends."),
            _("It stays on the phone. Ask your coordinator for a new link."),
        ),
    }
)
