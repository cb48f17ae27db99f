"""What the demo's own pages say: the presentation of the Espace Famille, after the town's leaflet, and two pages of the
town. Numbers of places and dates of works are plausible, not true."""

from typing import Any

Body = list[tuple[str, Any]]

WELCOME = (
    "Au bord de la Garonne, aux portes de Bordeaux. Les nouvelles de la commune, les démarches de votre famille "
    "et les services de la mairie sont ici."
)

SPACE_LEAD = (
    "À quoi ça sert, comment ça marche, pour qui : toutes vos démarches pour l’école et les loisirs de vos enfants, "
    "à toute heure, sur un téléphone ou un ordinateur."
)

SPACE: Body = [
    ("heading", "À quoi ça sert ?"),
    (
        "text",
        (
            "<p>Sur votre Espace Famille, vous lisez les actualités et retrouvez les documents de la commune. "
            "Le reste est rangé sous trois tuiles.</p>"
        ),
    ),
    (
        "cards",
        [
            {
                "title": "Mon espace",
                "text": "Lire ma composition familiale et la mettre à jour, mes contacts, mes coordonnées. Confier des "
                "démarches à une personne de confiance. Voir quel service a lu ou changé mon dossier.",
            },
            {
                "title": "Mon tableau de bord",
                "text": "Consulter et suivre mes demandes. Consulter et payer mes factures.",
            },
            {
                "title": "Ma famille",
                "text": "Réserver et annuler : restauration, accueil du matin et du soir, loisirs, transport. Calculer "
                "mon tarif. Renseigner les informations allocataires. Ouvrir la fiche de chaque enfant.",
            },
        ],
    ),
    ("heading", "Comment ça marche ?"),
    (
        "timeline",
        [
            {
                "when": "Étape 1",
                "title": "La mairie vous donne un code",
                "text": "<p>Par lettre ou au guichet. Vous n’en avez pas ? Demandez un compte en ligne : "
                "le service Enfance vous répond.</p>",
            },
            {
                "when": "Étape 2",
                "title": "Vous ouvrez votre compte",
                "text": "<p>Avec le code, votre nom et votre date de naissance. Vous choisissez votre identifiant et "
                "votre mot de passe.</p>",
            },
            {
                "when": "Étape 3",
                "title": "Vous vous connectez",
                "text": "<p>« Je me connecte » : mon identifiant, mon mot de passe. Sur un téléphone, les flèches ou "
                "le doigt font passer d’une tuile à l’autre.</p>",
            },
        ],
    ),
    ("heading", "C’est pour qui ?"),
    (
        "text",
        (
            "<p>Pour les parents des enfants inscrits dans les quatre écoles de Bassens et dans ses accueils de "
            "loisirs. <b>Chaque parent a son propre compte</b>, même quand les parents vivent séparés.</p>"
            "<p>Pas d’ordinateur, pas de téléphone ? Le service vous reçoit en mairie et fait la démarche "
            "avec vous.</p>"
        ),
    ),
    ("heading", "Je pense à"),
    (
        "text",
        (
            "<ul><li>Renouveler chaque année les inscriptions périscolaires et extrascolaires de mon enfant</li>"
            "<li>Mettre à jour ma situation familiale et mes coordonnées</li>"
            "<li>Faire mes réservations et mes annulations dans les délais : restauration et accueil de loisirs des "
            "vacances</li>"
            "<li>Dire au service Enfance tout changement qui touche ces accueils</li></ul>"
        ),
    ),
    (
        "alert",
        {
            "tone": "info",
            "title": "Restez connectés",
            "text": "<p>De nouvelles possibilités arrivent : le dossier annuel, le signalement des absences, "
            "le coffre à documents que la mairie ne peut pas lire.</p>",
        },
    ),
]

GROWING_LEAD = (
    "Quatre écoles, des accueils avant et après la classe, les mercredis et les vacances : ce que la commune propose "
    "aux enfants de 3 à 11 ans."
)


def growing(pictures: dict[str, Any]) -> Body:
    """Schools, care and holidays: for a family that arrives."""
    return [
        (
            "figures",
            [
                {"number": "4", "label": "écoles publiques"},
                {"number": "620", "label": "repas servis chaque jour de classe"},
                {"number": "7 h", "label": "ouverture des accueils du matin"},
            ],
        ),
        ("heading", "Une journée, du matin au soir"),
        (
            "timeline",
            [
                {
                    "when": "7 h à 8 h 20",
                    "title": "L’accueil du matin",
                    "text": "<p>Jeux calmes, puis la classe.</p>",
                },
                {
                    "when": "12 h à 13 h 50",
                    "title": "La restauration scolaire",
                    "text": "<p>Un repas cuisiné sur place, un menu sans viande chaque semaine.</p>",
                },
                {
                    "when": "16 h 30 à 18 h 30",
                    "title": "L’accueil du soir",
                    "text": "<p>Le goûter, puis les ateliers ou les devoirs.</p>",
                },
            ],
        ),
        (
            "gallery",
            [
                {"image": pictures["school"], "caption": "L’entrée des classes"},
                {"image": pictures["canteen"], "caption": "À table, par petits groupes"},
                {"image": pictures["bus"], "caption": "Le bus de 8 h 10"},
            ],
        ),
        ("heading", "Les accueils en un coup d’œil"),
        (
            "table",
            {
                "caption": "Quand, et pour qui",
                "columns": [
                    {"type": "text", "heading": "Accueil"},
                    {"type": "text", "heading": "Quand"},
                    {"type": "amount", "heading": "Âge"},
                ],
                "rows": [
                    {
                        "values": [
                            "Périscolaire du matin et du soir",
                            "Lundi, mardi, jeudi, vendredi",
                            "3 à 11 ans",
                        ]
                    },
                    {"values": ["Restauration scolaire", "Lundi, mardi, jeudi, vendredi", "3 à 11 ans"]},
                    {"values": ["Accueil de loisirs (ALSH)", "Mercredis et vacances", "3 à 11 ans"]},
                    {"values": ["Transport scolaire", "Lundi, mardi, jeudi, vendredi", "5 à 11 ans"]},
                ],
            },
        ),
        (
            "quote",
            {
                "text": "Le soir, ils ont surtout besoin de courir et d’être écoutés. Les devoirs viennent après.",
                "author": "Une animatrice",
                "role": "accueil périscolaire",
            },
        ),
        ("heading", "Questions que l’on nous pose"),
        (
            "accordion",
            [
                {
                    "question": "Mon enfant a une allergie. Que faire ?",
                    "answer": "<p>Appelez le service Enfance avant le premier repas. Un projet d’accueil individualisé "
                    "(PAI) se prépare avec le médecin scolaire et l’école.</p>",
                },
                {
                    "question": "Nous arrivons en cours d’année.",
                    "answer": "<p>Inscrivez d’abord votre enfant à l’école, en mairie. Puis "
                    '<a href="/contacts/ecrire/">écrivez au service Enfance</a> : la place à la cantine se donne en '
                    "quelques jours.</p>",
                },
                {
                    "question": "Combien cela coûte-t-il ?",
                    "answer": "<p>Le prix suit votre quotient familial (QF). La grille et un calcul sont en ligne, "
                    "sans compte.</p>",
                },
            ],
        ),
        (
            "action",
            {
                "text": "Un compte, et tout se fait de chez vous.",
                "label": "Découvrir l’Espace Famille",
                "address": "/espace-famille/",
            },
        ),
    ]


TOWN_HALL_LEAD = "Où nous trouver, quand venir, et comment entrer avec une poussette ou un fauteuil."


def town_hall(pictures: dict[str, Any]) -> Body:
    """How to come to the town hall."""
    return [
        (
            "map",
            {
                "title": "Mairie de Bassens",
                "street": "42 avenue Jean Jaurès\n33530 Bassens",
                "image": pictures["square"],
                "access": "Bus 7 et 92, arrêt Mairie. Deux places réservées devant l’entrée, qui est de plain-pied. "
                "Une boucle magnétique est à l’accueil.",
                "latitude": "44.90248",
                "longitude": "-0.51738",
            },
        ),
        ("heading", "Le secteur Enfance"),
        ("contact", {"who": "service:enfance"}),
        (
            "alert",
            {
                "tone": "info",
                "title": "Avant de venir",
                "text": "<p>Pour payer une facture, prenez rendez-vous par téléphone. Le reste se fait sans "
                "rendez-vous, ou depuis votre Espace Famille.</p>",
            },
        ),
    ]


ACCESSIBILITY = {
    "state": "non",
    "failures": "Les documents PDF déposés avant 2024 ne sont pas tous lisibles par un lecteur d’écran.\n"
    "Les cartes d’un site voisin, ouvertes par un lien, ne sont pas sous notre contrôle.",
    "tested": "Firefox et NVDA, sous Windows\nSafari et VoiceOver, sur iPhone\nLe clavier seul, et un zoom de 400 %",
    "email": "enfance@ville-bassens.fr",
    "phone": "05 57 80 81 87",
}
"""Without an audit, the law has a public site declared « non conforme »: the demo says so."""

NOTICE = {
    "publisher": "Mairie de Bassens",
    "publisher_address": "42 avenue Jean Jaurès\n33530 Bassens",
    "publisher_phone": "05 57 80 81 87",
    "publisher_email": "enfance@ville-bassens.fr",
    "director": "le maire de Bassens",
    "host": "Cette démonstration",
    "host_address": "Elle fonctionne sur la machine où vous l’avez lancée et n’envoie rien ailleurs.",
    "dpo": "Délégué à la protection des données de la commune",
    "dpo_address": "Mairie de Bassens\n42 avenue Jean Jaurès\n33530 Bassens",
    "credits": "Les images sont des dessins faits pour ce site.",
}
