"""What is read aloud in Danish."""

NO = ("Du kan sige nej. Det ændrer intet ved den hjælp, du får.",)
BACK = (
    "Du kan altid trække det tilbage, for én ting eller for det hele.",
    "Sig det til en af os, eller brug din seddel. Du skal ikke sige hvorfor.",
    "Vi holder op med det samme. Skal vi også slette det, så sig det.",
)
TEAM = ("Kun dem, der arbejder på dit team, kan læse det. Du kan se, hvem der har læst det.",)

WORDS = {
    "headings": {
        "what": "Hvad der sker",
        "who": "Hvem der ser det",
        "time": "Hvor længe",
        "no": "Hvis du siger nej",
        "back": "Hvis du ombestemmer dig",
        "follows": "Hvad det kan føre til",
    },
    "support": {
        "title": "Må vi føre en journal?",
        "what": (
            "Vi skriver ned, hvad du fortæller, så du ikke skal fortælle det igen.",
            "Du vælger, hvad vi skriver ned, del for del.",
            "Du kan læse det, rette det og tilføje dine egne ord.",
        ),
        "who": (
            *TEAM,
            "Politi, skat og udlændingemyndigheder kan ikke læse det.",
            "Loven kan tvinge os til at fortælle, at et barn er i fare. Så siger vi det først til dig, hvis det er sikkert.",
        ),
        "time": ("Indtil to år efter at vores hjælp er slut, eller til en dag, du vælger.",),
        "no": (*NO, "Så hjælper vi dig uden at skrive det ned."),
        "back": BACK,
    },
    "contact": {
        "title": "Må vi kontakte dig?",
        "what": (
            "Vi skriver ned, hvordan vi kan nå dig, og hvornår det er sikkert.",
            "Vi bruger kun de måder, du vælger.",
            "Vi siger aldrig, hvorfor vi ringer, og aldrig hvem vi er, hvis en anden svarer.",
        ),
        "who": TEAM,
        "time": ("Indtil to år efter at vores hjælp er slut, eller til en dag, du vælger.",),
        "no": (*NO, "Du kan komme til os i stedet."),
        "back": BACK,
    },
    "referral": {
        "title": "Må vi give noget videre til et tilbud?",
        "what": (
            "Du vælger tilbuddet, og hvad vi fortæller dem.",
            "Du ser hvert ord, før det bliver sendt.",
            "De skriver ned, hvad de har brug for, efter deres egne regler.",
        ),
        "who": ("Dem, der arbejder med det i tilbuddet, og dit team her.",),
        "time": ("Til den dag, du vælger. Efter den dag kan de ikke længere åbne det, vi har sendt.",),
        "no": (*NO, "Du kan også selv gå derhen. Vi fortæller dig hvordan."),
        "back": (
            "Du kan altid trække det tilbage. Du skal ikke sige hvorfor.",
            "Det, vi har sendt, kan så ikke åbnes mere, og vi beder dem slette det.",
            "Det, de allerede har læst, ved de.",
        ),
    },
    "feedback": {
        "title": "Må vi senere spørge dig, hvordan det var?",
        "what": (
            "Vi stiller dig nogle få spørgsmål, når vores hjælp er slut.",
            "Dine svar hjælper os til at gøre det bedre. Du kan springe hvert spørgsmål over.",
        ),
        "who": TEAM,
        "time": ("Vi spørger én gang og minder dig højst om det én gang.",),
        "no": NO,
        "back": BACK,
    },
    "statistics": {
        "title": "Må vi tælle dig med?",
        "what": (
            "Vi tæller, hvor mange vi hjælper, og med hvad.",
            "Der er intet navn, ingen fødselsdag og ingen af dine ord i det.",
            "Tal under fem bliver aldrig vist, så ingen kan findes.",
        ),
        "who": ("Alle kan se tallene. Ingen kan se, hvem der er i dem.",),
        "time": ("Tallene bliver. Intet i dem fører tilbage til dig.",),
        "no": NO,
        "back": (
            "Du kan altid trække det tilbage. Du skal ikke sige hvorfor.",
            "Så tager vi dig ud af vores tal. Tal, der allerede er trykt, bliver.",
        ),
    },
    "linkage": {
        "title": "Må vi tælle dig én gang, selv om flere tilbud kender dig?",
        "what": (
            "Flere tilbud vil vide, hvor mange de hjælper tilsammen.",
            "En computer laver en kode af dit navn og dit fødselsår.",
            "Koderne bliver sammenlignet og talt. Så bliver de smidt væk.",
        ),
        "who": (
            "Ingen ser dit navn, eller hvilke tilbud du bruger.",
            "Én person har nøglen til koderne og skal smide den væk bagefter.",
        ),
        "time": ("Koderne lever i højst to uger. Kun tallet bliver.",),
        "no": NO,
        "back": (
            "Du kan altid trække det tilbage. Du skal ikke sige hvorfor.",
            "Så bliver der ikke lavet flere koder af dig. En tælling, der er færdig, bliver.",
        ),
    },
    "authority": {
        "title": "Må vi give noget videre til en myndighed?",
        "what": (
            "Det handler om politi, skat og udlændingemyndigheder.",
            "Du vælger myndigheden, og hvad vi fortæller dem.",
            "Du ser hvert ord, før det bliver sendt. To af os skal være enige om at sende det.",
        ),
        "who": ("Myndigheden. De kan give det videre til andre myndigheder. Det kan vi ikke stoppe.",),
        "time": ("Det, de har fået, beholder de efter deres egne regler.",),
        "no": (
            *NO,
            "Vi giver aldrig noget videre bag din ryg. Hvis en domstol eller en lov tvinger os, siger vi det til dig.",
        ),
        "back": (
            "Du kan trække det tilbage, så længe det ikke er sendt.",
            "Det, der er sendt, kan vi ikke hente tilbage.",
        ),
        "follows": (
            "Du kan blive nødt til at forlade landet.",
            "Andre kan blive sigtet, også nogen du kender.",
            "Du kan blive bedt om at vidne.",
            "Du kan komme til at betale skat eller betale penge tilbage.",
            "Tal med en advokat først. Vi kan hjælpe dig med at finde en, og det koster ikke noget at spørge.",
        ),
    },
    "identification": {
        "title": "Om at blive identificeret som udsat for menneskehandel",
        "what": (
            "En myndighed kan afgøre, om den ser dig som udsat for menneskehandel.",
            "Det kan give dig tid, et sted at bo og hjælp. Det gør det ikke altid.",
            "Du bestemmer, om du vil til samtale. Du kan stoppe når som helst.",
        ),
        "who": ("Det, du fortæller os, bliver hos os. Det, du fortæller myndigheden, beholder de.",),
        "time": ("Nogle rettigheder varer kun en tid. Vi skriver dagene ned, så ingen går forbi uset.",),
        "no": NO,
        "back": BACK,
        "follows": (
            "Du kan blive nødt til at forlade landet, når tiden er gået, også hvis du er identificeret.",
            "Andre kan blive sigtet. Du kan blive bedt om at vidne.",
            "Skat kan spørge om, hvad du har tjent.",
            "Hvis svaret er nej, får du stadig vores hjælp.",
        ),
    },
}
