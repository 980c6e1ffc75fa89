"""Words by which a question asks for somebody's name, number or face: English, Danish, Dutch. Pure, and a guess only.

It reads names and labels of questions, never answers. A form in another language, or one that asks in a roundabout way,
is not seen: the remarks at publishing say so.
"""

from __future__ import annotations

import re

_SPLIT = re.compile(r"(?<=[a-z0-9æøåéëï])(?=[A-ZÆØÅ])|[\W_]+")

# Whole words, and ends of the compounds that Danish and Dutch make ("kaldenavn", "telefoonnummer").
_NUMBERS = re.compile(
    r"^(?:(?:tele)?phones?|telephonenumber|phonenumber|mobile|mobilephone|homephone|cell|cellphone|whatsapp|signalnumber"
    r"|(?:\w*)telefon(?:en|nr|nummer|nummeret)?|mobil(?:en|nr|nummer|nummeret|telefon)?|tlf\w*"
    r"|(?:\w*)telefoon(?:nr|nummer|nummers)?|mobiel(?:nummer)?|gsm(?:nummer)?"
    r"|cpr\w*|personnummer\w*|bsn\w*|burgerservicenummer\w*|sofinummer|ssn|passport\w*|pas(?:nummer|nr)\w*|paspoort\w*"
    r"|idnumber|identitykort\w*|identiteits(?:kaart|bewijs|nummer)\w*|id(?:kort|nummer)\w*|vreemdelingennummer|v[- ]?nummer"
    r"|iban|kontonummer\w*|rekeningnummer\w*|nummerplade\w*|kenteken\w*|numberplate"
    r"|birthdate|birthday|dob|dateofbirth|fødsels(?:dato|dag|dagen)\w*|foedselsdato|geboorte(?:datum|dag)\w*)$"
)
_NAMES = re.compile(
    r"^(?:names?|(?:first|last|sur|fore|full|nick|given|family|middle|second|maiden)names?|alias(?:es)?|salutation"
    r"|\w*navn(?:et|e)?|\w*naam|namen|voornamen|alias\w*"
    r"|e?mails?|mailaddress|mailadresse?|emailadres\w*"
    r"|address(?:es)?|street|streetname|zip|zipcode|postcode|postalcode|\w*adresse[rn]?|\w*adres|postnummer|gade(?:navn)?"
    r"|vejnavn|straat(?:naam)?|huisnummer|husnummer"
    r"|profile|username|telegram|facebook|instagram|snapchat)$"
)
_PAIRS = re.compile(
    r"\b(?:date of birth|birth date|passport (?:no|number)|id (?:no|number|card)|identity (?:card|number)|licen[cs]e plate"
    r"|number plate|bank account|social security|phone (?:no|number)|fødselsdag og|geboren op|født den|"
    r"hvad hedder|hoe heet|who is|what is (?:she|he|the person) called|contact details|kontaktoplysninger|contactgegevens)\b",
    re.I,
)
_FACES = re.compile(
    r"^(?:faces?|facial|selfies?|portraits?|headshots?|mugshots?|ansigt\w*|portræt\w*|pasfoto\w*|gezicht\w*|portret\w*"
    r"|passport|paspoort|pas|idcard|id|identity|identiteits\w*|person|people|persons|personen|mennesker|mensen|client|klient"
    r"|cliënt|victim|offer|slachtoffer)$"
)
# A code name is there so that no name is written.
_OF_NO_PERSON = re.compile(r"\b(?:code ?name|dæknavn\w*|codena+m\w*|schuilnaam)\b", re.I)


_COUNTS = re.compile(r"\bhow many\b|^number of\b|\bhvor mange\b|^antal\b|\bhoeveel\b|^aantal\b", re.I)


def _tokens(text: str) -> list[str]:
    """Return the words of a text, those of "firstName" each and together."""
    found = [token for token in [*_SPLIT.split(text), *re.split(r"[\W_]+", text)] if token]
    return list(dict.fromkeys(token.lower() for token in found))


def names_a_number(text: str) -> bool:
    """Tell whether a question seems to ask for a number or day that belongs to one person."""
    if _COUNTS.search(text):
        return False
    return bool(_PAIRS.search(text)) or any(_NUMBERS.match(token) for token in _tokens(text))


def names_a_person(text: str) -> bool:
    """Tell whether a question seems to ask for a name, an address or a number of one person."""
    kept = _OF_NO_PERSON.sub(" ", text.replace("_", " ") if " " not in text else text)
    return names_a_number(kept) or any(_NAMES.match(token) for token in _tokens(kept))


def speaks_of_faces(text: str) -> bool:
    """Tell whether a picture seems to be asked of a face or of somebody's papers."""
    return any(_FACES.match(token) for token in _tokens(text))
