"""The health outreach form: a conversation about health without a name, as an XLSForm in three languages with audio slots.

Its answers are of the locked tier, so they are sealed on arrival and stand in no export beside signs of anything.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from openpyxl import Workbook

from .workbook import AGREES, CHOICES, NAMES, SETTINGS, SURVEY, Row, row

FORM_ID, VERSION = "lygte_health_outreach", "1"
TITLE = "Health outreach · Opsøgende sundhedsarbejde · Gezondheidsveldwerk"

Words = dict[str, str]
LISTS: dict[str, dict[str, Words]] = {
    "yes_no": {
        "yes": {"en": "Yes", "da": "Ja", "nl": "Ja"},
        "no": {"en": "No", "da": "Nej", "nl": "Nee"},
    },
    "taken": {
        "not_offered": {"en": "Not offered", "da": "Ikke tilbudt", "nl": "Niet aangeboden"},
        "no_thanks": {"en": "Offered, no thanks", "da": "Tilbudt, nej tak", "nl": "Aangeboden, nee dank je"},
        "taken": {"en": "Taken", "da": "Taget imod", "nl": "Gedaan"},
        "later": {"en": "Wants it later", "da": "Vil have det senere", "nl": "Wil het later"},
    },
    "age": {
        "under_18": {"en": "Under 18", "da": "Under 18", "nl": "Onder 18"},
        "adult": {"en": "18 or older", "da": "18 eller ældre", "nl": "18 of ouder"},
        "not_said": {"en": "Prefers not to say", "da": "Vil helst ikke sige det", "nl": "Zegt het liever niet"},
    },
    "result_way": {
        "none": {"en": "No result is waited for", "da": "Der ventes ikke på svar", "nl": "Er wordt op geen uitslag gewacht"},
        "comes": {"en": "The person comes for it", "da": "Personen kommer efter det", "nl": "De persoon komt het halen"},
        "code": {"en": "By a code that the person has", "da": "Med en kode, som personen har", "nl": "Met een code die de persoon heeft"},
    },
    "refer": {
        "doctor": {"en": "Doctor or clinic", "da": "Læge eller klinik", "nl": "Dokter of kliniek"},
        "sexual_health": {"en": "Sexual health clinic", "da": "Klinik for seksuel sundhed", "nl": "Centrum seksuele gezondheid"},
        "acute": {"en": "Emergency care", "da": "Akut hjælp", "nl": "Spoedhulp"},
        "counselling": {"en": "Somebody to talk with", "da": "En at tale med", "nl": "Iemand om mee te praten"},
        "none": {"en": "Nowhere", "da": "Ingen steder", "nl": "Nergens heen"},
    },
}  # fmt: skip
OFFERS: dict[str, Words] = {
    "sti_test": {"en": "Tests for infections", "da": "Prøver for infektioner", "nl": "Tests op infecties"},
    "hiv_test": {"en": "Quick HIV test", "da": "Hurtig hiv-test", "nl": "Hiv-sneltest"},
    "pregnancy_test": {"en": "Pregnancy test", "da": "Graviditetstest", "nl": "Zwangerschapstest"},
    "contraception": {"en": "Contraception", "da": "Prævention", "nl": "Anticonceptie"},
    "vaccination": {"en": "Vaccination", "da": "Vaccination", "nl": "Vaccinatie"},
    "wound_care": {
        "en": "Care of a wound or pain",
        "da": "Hjælp til sår eller smerter",
        "nl": "Zorg voor wond of pijn",
    },
}
OTHERS: dict[str, Words] = {
    "age": {"en": "Age", "da": "Alder", "nl": "Leeftijd"},
    "interpreter": {"en": "Was there an interpreter?", "da": "Var der en tolk?", "nl": "Was er een tolk?"},
    "offers": {"en": "Offered and taken", "da": "Tilbudt og taget imod", "nl": "Aangeboden en gedaan"},
    "condoms": {"en": "Condoms given (pieces)", "da": "Kondomer givet (stk.)", "nl": "Condooms gegeven (stuks)"},
    "result_way": {"en": "How does the result come back?", "da": "Hvordan kommer svaret tilbage?", "nl": "Hoe komt de uitslag terug?"},
    "violence_told": {
        "en": "Did the person tell about violence, and want help with it?",
        "da": "Fortalte personen om vold og ønsker hjælp til det?",
        "nl": "Vertelde de persoon over geweld, en wil die daar hulp bij?",
    },
    "refer": {"en": "Where did you point the way to?", "da": "Hvor viste I hen?", "nl": "Waar wezen jullie de weg heen?"},
}  # fmt: skip
BARRED = {
    "en": "No name, no number, no diagnosis. Leave out what the person does not want written down.",
    "da": "Intet navn, intet nummer, ingen diagnose. Udelad det, personen ikke vil have skrevet ned.",
    "nl": "Geen naam, geen nummer, geen diagnose. Laat weg wat de persoon niet opgeschreven wil hebben.",
}


def survey() -> Iterator[Row]:
    """Yield the survey sheet row by row: consent first, then nothing that must be answered."""
    yield row("note", "barred", BARRED)
    yield row("select_one yes_no", "agrees", AGREES, required="yes")
    asked = {"relevant": "${agrees} = 'yes'"}
    yield row("select_one age", "age", OTHERS["age"], **asked)
    yield row("select_one yes_no", "interpreter", OTHERS["interpreter"], **asked)
    yield row("begin_group", "offers", OTHERS["offers"], appearance="field-list", **asked)
    for name, label in OFFERS.items():
        yield row("select_one taken", name, label)
    yield row("end_group", "")
    yield row("integer", "condoms", OTHERS["condoms"], **asked)
    yield row("select_one result_way", "result_way", OTHERS["result_way"], **asked)
    yield row("select_one yes_no", "violence_told", OTHERS["violence_told"], **asked)
    yield row("select_multiple refer", "refer", OTHERS["refer"], **asked)


def workbook() -> bytes:
    """Return the workbook, ready to be published under “Forms”."""
    choices = (
        {"list_name": name, "name": code, **{f"label::{NAMES[language]}": text for language, text in label.items()}}
        for name, codes in LISTS.items()
        for code, label in codes.items()
    )
    settings = dict(zip(SETTINGS, (TITLE, FORM_ID, VERSION, NAMES["en"], "locked"), strict=True))
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns, rows in (
        ("survey", SURVEY, survey()),
        ("choices", CHOICES, choices),
        ("settings", SETTINGS, [settings]),
    ):
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        for line in rows:
            sheet.append([line.get(column) or None for column in columns])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
