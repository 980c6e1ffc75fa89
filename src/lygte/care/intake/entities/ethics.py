"""A list must not become a register of people: names of lists and properties that speak of a person are refused.

What is checked here are names and questions, when a form is published; `reading.py` looks at each value that comes.
It knows no Django: the process that converts workbooks imports it.
"""

from __future__ import annotations

import re
import unicodedata

PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# One word is enough, in English, Danish and Dutch, without accents.
NAMES = {
    "firstname", "lastname", "surname", "fullname", "nickname", "alias", "forename", "maidenname", "realname",
    "fornavn", "efternavn", "kaldenavn", "voornaam", "achternaam", "bijnaam", "roepnaam", "initials", "initialer",
    "initialen", "workname", "stagename", "arbejdsnavn", "werknaam", "personname", "clientname", "victimname",
}  # fmt: skip
CONTACT = {
    "phone", "telephone", "phonenumber", "telefon", "telefonnummer", "tlf", "mobilenumber", "mobilnummer", "mobielnummer",
    "telefoon", "telefoonnummer", "whatsapp", "telegram", "snapchat", "instagram", "facebook", "tiktok", "email",
    "mailaddress", "emailadres", "imei",
}  # fmt: skip
NUMBERS = {
    "cpr", "cprnummer", "bsn", "ssn", "passport", "passportnumber", "pasnummer", "paspoort", "paspoortnummer",
    "personnummer", "personalnumber", "burgerservicenummer", "nationalid", "idnumber", "dob", "birthdate", "birthday",
    "dateofbirth", "fodselsdato", "fodselsdag", "foedselsdato", "geboortedatum", "nationality", "nationalitet",
    "nationaliteit",
}  # fmt: skip
PEOPLE = {
    "person", "persons", "people", "women", "girls", "men", "victim", "victims", "survivors", "client", "clients",
    "prostitute", "prostitutes", "sexworker", "sexworkers", "escort", "escorts", "migrants", "perpetrators", "pimps",
    "suspects", "personer", "kvinder", "piger", "ofre", "klienter", "borgere", "prostituerede", "sexarbejdere",
    "migranter", "personen", "mensen", "vrouwen", "meisjes", "slachtoffers", "clienten", "prostituees", "sekswerkers",
    "migranten", "verdachten",
}  # fmt: skip
KINDS = {"name": NAMES, "contact": CONTACT, "number": NUMBERS}


def _words(text: str) -> list[str]:
    """Return the words of a name ("firstName", "first_name") and every two and three of them put together."""
    plain = text.replace("ø", "o").replace("Ø", "O").replace("æ", "ae").replace("å", "aa").replace("ß", "ss")
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    parts = [part.lower() for part in PARTS.findall(plain)]
    return ["".join(parts[start : start + length]) for length in (1, 2, 3) for start in range(len(parts) - length + 1)]


def speaks_of_a_person(text: str) -> str:
    """Return what in a name or a question speaks of a person ("name", "contact", "number"), or ""."""
    words = set(_words(text[:500]))
    return next((kind for kind, known in KINDS.items() if words & known), "")


def is_a_list_of_people(name: str) -> bool:
    return bool(set(_words(name)) & PEOPLE)
