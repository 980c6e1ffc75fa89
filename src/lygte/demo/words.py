"""Words for code names: two plain nouns, in the language of the team. None is a street, a place or a name of anybody."""

DANISH = (
    (
        "Solsort Måge Ugle Svale Spurv Lærke Falk Trane Stork Svane And Gås Ravn Krage Rørdrum Mejse Gøg Hejre Vibe Terne "
        "Grævling Ræv Hare Hjort Elg Bæver Odder Sæl Marsvin Mår Egern Pindsvin Mus Bjørn Ulv Los Ged Lam Kalv Føl "
        "Gedde Laks Ørred Sild Torsk Skrubbe Ål Reje Krabbe Hummer Bi Humle Myre Guldsmed Mariehøne Sommerfugl Snegl "
        "Frø Tudse Snog Firben Hvepse Græshoppe Sirius"
    ),
    (
        "Anker Birk Bøg Eg Pil Gran Fyr Hassel Rønne Tjørn Havre Rug Byg Hvede Hør Lyng Mos Bregne Siv Tang Kridt Flint "
        "Rav Grus Sand Ler Skifer Malm Sølv Kobber Messing Tin Uld Silke Filt Garn Tråd Knap Nål Saks Kop Fad Kande "
        "Gryde Kurv Tønde Spand Stige Trappe Port Bro Mole Fyrtårn Lygte Lampe Sejl Mast Ror Åre Tov Klokke Fløjte "
        "Tromme Violin"
    ),
)
DUTCH = (
    (
        "Merel Meeuw Uil Zwaluw Mus Leeuwerik Valk Kraanvogel Ooievaar Zwaan Eend Gans Raaf Kraai Ekster Mees Koekoek "
        "Reiger Kievit Stern Das Vos Haas Hert Eland Bever Otter Zeehond Bruinvis Marter Eekhoorn Egel Muis Beer Wolf "
        "Lynx Geit Lam Kalf Veulen Snoek Zalm Forel Haring Kabeljauw Bot Paling Garnaal Krab Kreeft Bij Hommel Mier "
        "Libel Vlinder Slak Kikker Pad Ringslang Hagedis Wesp Sprinkhaan Krekel Fazant"
    ),
    (
        "Anker Berk Beuk Eik Wilg Spar Lariks Hazelaar Lijsterbes Meidoorn Haver Rogge Gerst Tarwe Vlas Heide Mos Varen "
        "Riet Wier Krijt Vuursteen Barnsteen Grind Zand Klei Leisteen Erts Zilver Koper Messing Tin Wol Zijde Vilt Garen "
        "Draad Knoop Naald Schaar Kopje Schaal Kan Pan Mand Ton Emmer Ladder Trap Poort Brug Pier Vuurtoren Lantaarn Lamp "
        "Zeil Mast Roer Riem Touw Bel Fluit Trom Viool"
    ),
)
CODE_WORDS = {"da": [line.split() for line in DANISH], "nl": [line.split() for line in DUTCH]}
