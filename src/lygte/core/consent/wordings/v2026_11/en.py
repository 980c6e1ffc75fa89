"""What is read aloud in English."""

NO = ("You can say no. Then nothing changes in the help that you get.",)
BACK = (
    "You can take it back at any time, for one thing or for everything.",
    "Tell any worker, or use your slip. You need not say why.",
    "We stop at once. If we should also delete it, say so.",
)
TEAM = ("Only the workers on your team can read it. You can see who has read it.",)

WORDS = {
    "headings": {
        "what": "What happens",
        "who": "Who sees it",
        "time": "For how long",
        "no": "If you say no",
        "back": "If you change your mind",
        "follows": "What may follow",
    },
    "support": {
        "title": "May we keep a record?",
        "what": (
            "We write down what you tell us, so that you do not have to tell it again.",
            "You choose what we write down, part by part.",
            "You can read it, correct it, and add your own words.",
        ),
        "who": (
            *TEAM,
            "Police, tax and immigration authorities cannot read it.",
            "The law can force us to tell that a child is in danger. We then tell you first, if that is safe.",
        ),
        "time": ("Until two years after our help has ended, or until a day that you choose.",),
        "no": (*NO, "We then help you without writing it down."),
        "back": BACK,
    },
    "contact": {
        "title": "May we contact you?",
        "what": (
            "We write down how we can reach you, and when it is safe.",
            "We use only the ways that you choose.",
            "We never say why we call, and never who we are if somebody else answers.",
        ),
        "who": TEAM,
        "time": ("Until two years after our help has ended, or until a day that you choose.",),
        "no": (*NO, "You can come to us instead."),
        "back": BACK,
    },
    "referral": {
        "title": "May we pass something on to a service?",
        "what": (
            "You choose the service, and what we tell them.",
            "You see every word before it leaves.",
            "They write down what they need, by their own rules.",
        ),
        "who": ("The people who work on it at that service, and your team here.",),
        "time": ("Until the day that you choose. After that day they can no longer open what we sent.",),
        "no": (*NO, "You can also go there by yourself. We tell you how."),
        "back": (
            "You can take it back at any time. You need not say why.",
            "What we sent can then no longer be opened, and we ask them to delete it.",
            "What they have already read, they know.",
        ),
    },
    "feedback": {
        "title": "May we ask you later how it was?",
        "what": (
            "We ask you a few questions once our help has ended.",
            "Your answers help us to do better. You can skip every question.",
        ),
        "who": TEAM,
        "time": ("We ask once, and remind you at most once.",),
        "no": NO,
        "back": BACK,
    },
    "statistics": {
        "title": "May we count you?",
        "what": (
            "We count how many people we help, and with what.",
            "No name, no day of birth and no words of yours are in it.",
            "Numbers under five are never shown, so that nobody can be found.",
        ),
        "who": ("Everybody can see the numbers. Nobody can see who is in them.",),
        "time": ("Numbers stay. Nothing in them leads back to you.",),
        "no": NO,
        "back": (
            "You can take it back at any time. You need not say why.",
            "Then we take you out of our counts. Numbers that are already printed stay.",
        ),
    },
    "linkage": {
        "title": "May we count you once, although several services know you?",
        "what": (
            "Several services want to know how many people they help together.",
            "A computer makes a code of your name and your year of birth.",
            "The codes are compared and counted. Then they are thrown away.",
        ),
        "who": (
            "Nobody sees your name or which services you use.",
            "One person keeps the key to the codes, and must throw it away afterwards.",
        ),
        "time": ("The codes live for two weeks at most. Only the count stays.",),
        "no": NO,
        "back": (
            "You can take it back at any time. You need not say why.",
            "Then no code is made of you any more. A count that is done stays.",
        ),
    },
    "authority": {
        "title": "May we pass something on to an authority?",
        "what": (
            "This is about police, tax and immigration authorities.",
            "You choose the authority, and what we tell them.",
            "You see every word before it leaves. Two of us must agree to send it.",
        ),
        "who": ("The authority. They may pass it on to other authorities. We cannot stop that.",),
        "time": ("What they have got they keep by their own rules.",),
        "no": (*NO, "We never pass anything on behind your back. If a court or a law forces us, we tell you."),
        "back": (
            "You can take it back as long as it has not been sent.",
            "What was sent we cannot fetch back.",
        ),
        "follows": (
            "You may have to leave the country.",
            "Other people may be charged, also people whom you know.",
            "You may be asked to be a witness.",
            "You may have to pay tax, or pay money back.",
            "Talk with a lawyer first. We can help you find one, and it costs you nothing to ask.",
        ),
    },
    "identification": {
        "title": "About being identified as exposed to human trafficking",
        "what": (
            "An authority can decide whether it sees you as exposed to human trafficking.",
            "This can give you time, a place to stay and help. It does not always do so.",
            "You decide whether you want to be interviewed. You can stop at any time.",
        ),
        "who": ("What you tell us stays with us. What you tell the authority they keep.",),
        "time": ("Some rights last only for a while. We write down the days, so that none passes unseen.",),
        "no": NO,
        "back": BACK,
        "follows": (
            "You may have to leave the country when the time is over, also if you are identified.",
            "Other people may be charged. You may be asked to be a witness.",
            "Tax authorities may ask about what you have earned.",
            "If the answer is no, you still get our help.",
        ),
    },
}
