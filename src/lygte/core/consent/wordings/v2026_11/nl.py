"""What is read aloud in Dutch."""

NO = ("Je mag nee zeggen. Dan verandert er niets aan de hulp die je krijgt.",)
BACK = (
    "Je kunt het altijd intrekken, voor één ding of voor alles.",
    "Zeg het tegen iemand van ons, of gebruik je briefje. Je hoeft niet te zeggen waarom.",
    "Wij stoppen meteen. Moeten we het ook wissen, zeg het dan.",
)
TEAM = ("Alleen wie in jouw team werkt, kan het lezen. Je kunt zien wie het heeft gelezen.",)

WORDS = {
    "headings": {
        "what": "Wat er gebeurt",
        "who": "Wie het ziet",
        "time": "Hoe lang",
        "no": "Als je nee zegt",
        "back": "Als je van gedachten verandert",
        "follows": "Wat ervan kan komen",
    },
    "support": {
        "title": "Mogen we een dossier bijhouden?",
        "what": (
            "We schrijven op wat je vertelt, zodat je het niet nog eens hoeft te vertellen.",
            "Je kiest wat we opschrijven, deel voor deel.",
            "Je kunt het lezen, verbeteren en er je eigen woorden bij zetten.",
        ),
        "who": (
            *TEAM,
            "Politie, belastingdienst en vreemdelingendienst kunnen het niet lezen.",
            "De wet kan ons dwingen te melden dat een kind in gevaar is. We zeggen het dan eerst tegen jou, als dat veilig is.",
        ),
        "time": ("Tot twee jaar nadat onze hulp is gestopt, of tot een dag die je kiest.",),
        "no": (*NO, "Dan helpen we je zonder het op te schrijven."),
        "back": BACK,
    },
    "contact": {
        "title": "Mogen we contact met je opnemen?",
        "what": (
            "We schrijven op hoe we je kunnen bereiken, en wanneer dat veilig is.",
            "We gebruiken alleen de manieren die je kiest.",
            "We zeggen nooit waarom we bellen, en nooit wie we zijn als iemand anders opneemt.",
        ),
        "who": TEAM,
        "time": ("Tot twee jaar nadat onze hulp is gestopt, of tot een dag die je kiest.",),
        "no": (*NO, "Je kunt ook naar ons toe komen."),
        "back": BACK,
    },
    "referral": {
        "title": "Mogen we iets doorgeven aan een andere dienst?",
        "what": (
            "Je kiest de dienst, en wat we hun vertellen.",
            "Je ziet elk woord voordat het weggaat.",
            "Zij schrijven op wat ze nodig hebben, volgens hun eigen regels.",
        ),
        "who": ("De mensen die er bij die dienst aan werken, en jouw team hier.",),
        "time": ("Tot de dag die je kiest. Na die dag kunnen zij niet meer openen wat we stuurden.",),
        "no": (*NO, "Je kunt er ook zelf heen gaan. Wij vertellen je hoe."),
        "back": (
            "Je kunt het altijd intrekken. Je hoeft niet te zeggen waarom.",
            "Wat we stuurden, kan dan niet meer open, en we vragen hun het te wissen.",
            "Wat ze al gelezen hebben, weten ze.",
        ),
    },
    "feedback": {
        "title": "Mogen we je later vragen hoe het was?",
        "what": (
            "We stellen je een paar vragen als onze hulp is gestopt.",
            "Met je antwoorden kunnen we het beter doen. Je mag elke vraag overslaan.",
        ),
        "who": TEAM,
        "time": ("We vragen het één keer en herinneren je er hoogstens één keer aan.",),
        "no": NO,
        "back": BACK,
    },
    "statistics": {
        "title": "Mogen we je meetellen?",
        "what": (
            "We tellen hoeveel mensen we helpen, en waarmee.",
            "Er staat geen naam in, geen geboortedag en geen woord van jou.",
            "Getallen onder de vijf worden nooit getoond, zodat niemand te vinden is.",
        ),
        "who": ("Iedereen kan de getallen zien. Niemand kan zien wie erin zit.",),
        "time": ("De getallen blijven. Niets erin leidt terug naar jou.",),
        "no": NO,
        "back": (
            "Je kunt het altijd intrekken. Je hoeft niet te zeggen waarom.",
            "Dan halen we je uit onze tellingen. Getallen die al gedrukt zijn, blijven.",
        ),
    },
    "linkage": {
        "title": "Mogen we je één keer tellen, ook al kennen meer diensten je?",
        "what": (
            "Een aantal diensten wil weten hoeveel mensen ze samen helpen.",
            "Een computer maakt een code van je naam en je geboortejaar.",
            "De codes worden vergeleken en geteld. Daarna worden ze weggegooid.",
        ),
        "who": (
            "Niemand ziet je naam, of welke diensten je gebruikt.",
            "Eén persoon heeft de sleutel van de codes en moet die daarna weggooien.",
        ),
        "time": ("De codes bestaan hoogstens twee weken. Alleen het getal blijft.",),
        "no": NO,
        "back": (
            "Je kunt het altijd intrekken. Je hoeft niet te zeggen waarom.",
            "Dan wordt er geen code meer van jou gemaakt. Een telling die klaar is, blijft.",
        ),
    },
    "authority": {
        "title": "Mogen we iets doorgeven aan een overheid?",
        "what": (
            "Dit gaat over politie, belastingdienst en vreemdelingendienst.",
            "Je kiest aan wie, en wat we hun vertellen.",
            "Je ziet elk woord voordat het weggaat. Twee van ons moeten het samen willen sturen.",
        ),
        "who": ("Die overheid. Zij kunnen het aan andere overheden doorgeven. Dat kunnen wij niet tegenhouden.",),
        "time": ("Wat zij hebben gekregen, bewaren ze volgens hun eigen regels.",),
        "no": (
            *NO,
            "We geven nooit iets door achter je rug. Dwingt een rechter of een wet ons, dan zeggen we het je.",
        ),
        "back": (
            "Je kunt het intrekken zolang het niet is verstuurd.",
            "Wat is verstuurd, kunnen we niet terughalen.",
        ),
        "follows": (
            "Het kan zijn dat je het land uit moet.",
            "Anderen kunnen worden vervolgd, ook mensen die je kent.",
            "Je kunt gevraagd worden om te getuigen.",
            "Het kan zijn dat je belasting moet betalen, of geld moet terugbetalen.",
            "Praat eerst met een advocaat. Wij kunnen je helpen er een te vinden, en vragen kost niets.",
        ),
    },
    "identification": {
        "title": "Over erkend worden als blootgesteld aan mensenhandel",
        "what": (
            "Een overheid kan besluiten of zij je ziet als blootgesteld aan mensenhandel.",
            "Dat kan je tijd geven, een plek om te wonen en hulp. Dat is niet altijd zo.",
            "Jij beslist of je een gesprek wilt. Je kunt altijd stoppen.",
        ),
        "who": ("Wat je ons vertelt, blijft bij ons. Wat je de overheid vertelt, bewaren zij.",),
        "time": ("Sommige rechten duren maar even. We schrijven de dagen op, zodat er geen ongemerkt voorbijgaat.",),
        "no": NO,
        "back": BACK,
        "follows": (
            "Het kan zijn dat je het land uit moet als de tijd om is, ook als je bent erkend.",
            "Anderen kunnen worden vervolgd. Je kunt gevraagd worden om te getuigen.",
            "De belastingdienst kan vragen wat je hebt verdiend.",
            "Als het antwoord nee is, krijg je nog steeds onze hulp.",
        ),
    },
}
