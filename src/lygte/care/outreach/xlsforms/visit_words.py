"""The visit form's words in English, Danish and Dutch. Data, so that a translator can read it beside the form.

The English words of a code are those of `codes.py`; a test holds the two together.
"""

from __future__ import annotations

Words = tuple[str, str, str]  # English, Danish, Dutch

QUESTIONS: dict[str, Words] = {
    "about": ("The visit", "Besøget", "Het bezoek"),
    "place": ("Place", "Sted", "Plek"),
    "day": ("Day of the visit", "Dato for besøget", "Dag van het bezoek"),
    "part_of_day": ("Part of the day", "Tidspunkt på dagen", "Deel van de dag"),
    "outcome": ("What happened?", "Hvad skete der?", "Wat gebeurde er?"),
    "people": ("People", "Mennesker", "Mensen"),
    "present": ("People present", "Mennesker til stede", "Mensen aanwezig"),
    "spoken_to": ("People spoken to", "Mennesker I talte med", "Mensen met wie jullie spraken"),
    "new": ("New to us", "Nye for os", "Nieuw voor ons"),
    "refused": (
        "People who did not want to talk",
        "Mennesker der ikke ville tale",
        "Mensen die niet wilden praten",
    ),
    "gender_group": ("Gender", "Køn", "Gender"),
    "nationality_page": ("Nationality groups", "Nationalitetsgrupper", "Nationaliteitsgroepen"),
    "nationality_groups": (
        "Which groups were there?",
        "Hvilke grupper var der?",
        "Welke groepen waren er?",
    ),
    "language_page": ("Languages", "Sprog", "Talen"),
    "languages": ("Which languages do they speak?", "Hvilke sprog taler de?", "Welke talen spreken ze?"),
    "interpreter": ("Interpreter", "Tolk", "Tolk"),
    "health_page": ("Health offers", "Sundhedstilbud", "Zorgaanbod"),
    "health_items": ("What did you give or do?", "Hvad gav eller gjorde I?", "Wat hebben jullie gegeven of gedaan?"),
    "leaflet_page": ("Leaflets by language", "Foldere efter sprog", "Folders per taal"),
    "leaflets": (
        "In which languages did you leave leaflets?",
        "På hvilke sprog gav I foldere?",
        "In welke talen gaven jullie folders?",
    ),
    "work": ("Your work", "Jeres arbejde", "Jullie werk"),
    "announced": ("Was the visit announced?", "Var besøget aftalt på forhånd?", "Was het bezoek aangekondigd?"),
    "minutes": ("Minutes on site", "Minutter på stedet", "Minuten ter plaatse"),
    "team_size": ("How many were you?", "Hvor mange var I?", "Met hoeveel waren jullie?"),
}

HINTS: dict[str, Words] = {
    "about": (
        "Only outreach visits. A visit together with police, tax or immigration is not an outreach visit and is not "
        "recorded here.",
        "Kun opsøgende besøg. Et besøg sammen med politi, skattemyndighed eller udlændingemyndighed er ikke et "
        "opsøgende besøg og registreres ikke her.",
        "Alleen outreachbezoeken. Een bezoek samen met politie, belastingdienst of vreemdelingendienst is geen "
        "outreachbezoek en wordt hier niet vastgelegd.",
    ),
    "place": (
        "Type the short code or the code name.",
        "Skriv kortkoden eller dæknavnet.",
        "Typ de korte code of de codenaam.",
    ),
    "present": (
        "Those who work there. Only a number, never a name.",
        "Dem der arbejder der. Kun et antal, aldrig et navn.",
        "Wie daar werken. Alleen een aantal, nooit een naam.",
    ),
    "new": (
        "As far as you know, met for the first time.",
        "Mødt for første gang, så vidt I ved.",
        "Voor zover jullie weten voor het eerst ontmoet.",
    ),
    "gender_group": (
        "Of those you spoke to. Leave out what you do not know or what somebody prefers not to say.",
        "Af dem I talte med. Spring over, hvad I ikke ved, eller nogen helst ikke vil sige.",
        "Van wie jullie spraken. Sla over wat jullie niet weten of wat iemand liever niet zegt.",
    ),
    "nationality_groups": (
        "Only if they told you themselves. Otherwise leave it empty.",
        "Kun hvis de selv har sagt det. Ellers lad det stå tomt.",
        "Alleen als ze het zelf zeiden. Laat het anders leeg.",
    ),
    "minutes": (
        "Without the way there.",
        "Uden transport.",
        "Zonder reistijd.",
    ),
    "refused": ("Leave empty if none.", "Lad stå tomt, hvis ingen.", "Laat leeg als niemand."),
}

MESSAGES: dict[str, Words] = {
    "day": (
        "The day cannot be in the future.",
        "Datoen kan ikke ligge i fremtiden.",
        "De dag kan niet in de toekomst liggen.",
    ),
    "present": ("From 1 to 200.", "Fra 1 til 200.", "Van 1 tot 200."),
    "spoken_to": (
        "At least 1, and no more than were present.",
        "Mindst 1, og ikke flere end der var til stede.",
        "Minstens 1, en niet meer dan er aanwezig waren.",
    ),
    "new": (
        "No more than you spoke to.",
        "Ikke flere end I talte med.",
        "Niet meer dan jullie spraken.",
    ),
    "refused": ("From 0 to 200.", "Fra 0 til 200.", "Van 0 tot 200."),
    "sum": (
        "Together no more than the people you spoke to.",
        "Tilsammen ikke flere end dem I talte med.",
        "Samen niet meer dan de mensen die jullie spraken.",
    ),
    "language": (
        "From 1 to the number of people you spoke to.",
        "Fra 1 til det antal I talte med.",
        "Van 1 tot het aantal mensen dat jullie spraken.",
    ),
    "thing": ("From 1 to 5000.", "Fra 1 til 5000.", "Van 1 tot 5000."),
    "sti_taken": (
        "No more tests taken than were offered.",
        "Ikke flere test taget end tilbudt.",
        "Niet meer tests afgenomen dan aangeboden.",
    ),
    "minutes": ("From 1 to 720.", "Fra 1 til 720.", "Van 1 tot 720."),
    "team_size": ("From 1 to 20.", "Fra 1 til 20.", "Van 1 tot 20."),
}

NOT_KNOWN: Words = (
    "Not known, or prefers not to say",
    "Ved ikke, eller vil helst ikke sige det",
    "Niet bekend, of zegt het liever niet",
)

CODES: dict[str, dict[str, Words]] = {
    "outcomes": {
        "spoke": ("We spoke with somebody", "Vi talte med nogen", "We spraken met iemand"),
        "not_opened": (
            "Nobody opened or answered",
            "Ingen åbnede eller svarede",
            "Niemand deed open of antwoordde",
        ),
        "refused": ("They did not want a visit", "De ville ikke have besøg", "Ze wilden geen bezoek"),
    },
    "parts_of_day": {
        "morning": ("Morning (6 to 12)", "Formiddag (6 til 12)", "Ochtend (6 tot 12)"),
        "afternoon": ("Afternoon (12 to 18)", "Eftermiddag (12 til 18)", "Middag (12 tot 18)"),
        "evening": ("Evening (18 to 24)", "Aften (18 til 24)", "Avond (18 tot 24)"),
        "night": ("Night (0 to 6)", "Nat (0 til 6)", "Nacht (0 tot 6)"),
    },
    "yes_no": {
        "yes": ("Yes", "Ja", "Ja"),
        "no": ("No", "Nej", "Nee"),
    },
    "interpreters": {
        "none": ("No interpreter", "Ingen tolk", "Geen tolk"),
        "phone": ("Interpreter by phone", "Tolk på telefon", "Tolk per telefoon"),
        "present": ("Interpreter present", "Tolk til stede", "Tolk aanwezig"),
    },
    "genders": {
        "woman": ("Women", "Kvinder", "Vrouwen"),
        "man": ("Men", "Mænd", "Mannen"),
        "trans": ("Trans people", "Transpersoner", "Trans personen"),
        "other": ("Another gender", "Et andet køn", "Een ander gender"),
    },
    "nationality_groups": {
        "denmark": ("Denmark", "Danmark", "Denemarken"),
        "netherlands": ("The Netherlands", "Nederlandene", "Nederland"),
        "eu_east": ("EU, Central and Eastern Europe", "EU, Central- og Østeuropa", "EU, Midden- en Oost-Europa"),
        "eu_other": ("EU and EEA, other countries", "EU og EØS, andre lande", "EU en EER, andere landen"),
        "europe_other": ("Europe outside the EU", "Europa uden for EU", "Europa buiten de EU"),
        "west_africa": ("West Africa", "Vestafrika", "West-Afrika"),
        "africa_other": ("Africa, other countries", "Afrika, andre lande", "Afrika, andere landen"),
        "southeast_asia": ("South-East Asia", "Sydøstasien", "Zuidoost-Azië"),
        "asia_other": ("Asia, other countries", "Asien, andre lande", "Azië, andere landen"),
        "latin_america": (
            "Latin America and the Caribbean",
            "Latinamerika og Caribien",
            "Latijns-Amerika en het Caribisch gebied",
        ),
        "other": ("Another part of the world", "En anden del af verden", "Een ander deel van de wereld"),
    },
    "health_items": {
        "condoms": ("Condoms given (pieces)", "Kondomer givet (stk.)", "Condooms gegeven (stuks)"),
        "sti_offered": ("STI tests offered", "Test for sexsygdomme tilbudt", "Soa-tests aangeboden"),
        "sti_taken": ("STI tests taken", "Test for sexsygdomme taget", "Soa-tests afgenomen"),
        "pregnancy_test": ("Pregnancy tests", "Graviditetstest", "Zwangerschapstests"),
        "vaccination": ("Vaccinations", "Vaccinationer", "Vaccinaties"),
        "wound_care": ("Wound care", "Sårpleje", "Wondzorg"),
        "referral": (
            "Referrals to health care",
            "Henvisninger til sundhedsvæsenet",
            "Doorverwijzingen naar zorg",
        ),
    },
    "languages": {
        "ar": ("Arabic", "Arabisk", "Arabisch"),
        "bg": ("Bulgarian", "Bulgarsk", "Bulgaars"),
        "cs": ("Czech", "Tjekkisk", "Tsjechisch"),
        "da": ("Danish", "Dansk", "Deens"),
        "de": ("German", "Tysk", "Duits"),
        "en": ("English", "Engelsk", "Engels"),
        "es": ("Spanish", "Spansk", "Spaans"),
        "fr": ("French", "Fransk", "Frans"),
        "hu": ("Hungarian", "Ungarsk", "Hongaars"),
        "it": ("Italian", "Italiensk", "Italiaans"),
        "lt": ("Lithuanian", "Litauisk", "Litouws"),
        "lv": ("Latvian", "Lettisk", "Lets"),
        "nl": ("Dutch", "Nederlandsk", "Nederlands"),
        "pcm": ("Nigerian Pidgin", "Nigeriansk pidgin", "Nigeriaans Pidgin"),
        "pl": ("Polish", "Polsk", "Pools"),
        "pt": ("Portuguese", "Portugisisk", "Portugees"),
        "ro": ("Romanian", "Rumænsk", "Roemeens"),
        "ru": ("Russian", "Russisk", "Russisch"),
        "sk": ("Slovak", "Slovakisk", "Slowaaks"),
        "sq": ("Albanian", "Albansk", "Albanees"),
        "th": ("Thai", "Thai", "Thai"),
        "tl": ("Tagalog", "Tagalog", "Tagalog"),
        "tr": ("Turkish", "Tyrkisk", "Turks"),
        "uk": ("Ukrainian", "Ukrainsk", "Oekraïens"),
        "vi": ("Vietnamese", "Vietnamesisk", "Vietnamees"),
        "zh": ("Chinese", "Kinesisk", "Chinees"),
        "other": ("Another language", "Et andet sprog", "Een andere taal"),
    },
}
