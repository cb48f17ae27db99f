"""The kinds of documents that towns ask for: a beginning, which agents change. Plain data, for the first migration and
for the demo."""

from typing import Any

TYPES: tuple[dict[str, Any], ...] = (
    {
        "code": "justificatif-domicile",
        "label": "Justificatif de domicile",
        "hint": "Facture d’énergie, d’eau ou de téléphone, ou quittance de loyer, de moins de trois mois.",
        "subject": "household",
        "valid_months": 12,
        "asked": True,
        "rank": 10,
    },
    {
        "code": "attestation-caf",
        "label": "Attestation de quotient familial (CAF ou MSA)",
        "hint": "Elle se télécharge sur le site de la CAF ou de la MSA, avec le mois du calcul.",
        "subject": "household",
        "reading": "money",
        "fixed_end": "31/12",
        "rank": 20,
    },
    {
        "code": "avis-imposition",
        "label": "Avis d’impôt",
        "hint": "Seulement si vous n’êtes ni à la CAF ni à la MSA. Un agent le lit, puis le fichier est détruit.",
        "subject": "household",
        "reading": "money",
        "fixed_end": "31/12",
        "keeps_files": False,
        "rank": 30,
    },
    {
        "code": "livret-famille",
        "label": "Livret de famille ou acte de naissance",
        "hint": "Les pages des parents et de l’enfant. Un agent le lit, puis le fichier est détruit.",
        "subject": "child",
        "keeps_files": False,
        "rank": 40,
    },
    {
        "code": "vaccinations",
        "label": "Certificat de vaccinations",
        "hint": "Les pages « vaccinations » du carnet de santé, avec le nom de l’enfant.",
        "subject": "child",
        "reading": "health",
        "shared": True,
        "fixed_end": "31/08",
        "asked": True,
        "rank": 50,
    },
    {
        "code": "assurance-scolaire",
        "label": "Attestation d’assurance scolaire",
        "hint": "Responsabilité civile et accidents de l’enfant, pour l’année scolaire.",
        "subject": "child",
        "fixed_end": "31/08",
        "asked": True,
        "rank": 60,
    },
    {
        "code": "pai",
        "label": "Projet d’accueil individualisé (PAI)",
        "hint": "Le document signé par le médecin et l’école.",
        "subject": "child",
        "reading": "health",
        "shared": True,
        "fixed_end": "31/08",
        "rank": 70,
    },
    {
        "code": "certificat-medical",
        "label": "Certificat médical",
        "hint": "Pour une absence ou une activité. Il n’a pas à nommer la maladie.",
        "subject": "child",
        "reading": "health",
        "valid_months": 12,
        "rank": 80,
    },
    {
        "code": "autre",
        "label": "Autre document",
        "hint": "Ce que la mairie vous a demandé et qui n’est pas dans cette liste.",
        "subject": "household",
        "rank": 90,
    },
)


def fill(model: Any) -> None:
    """Write the kinds that are not there yet, by code; those that agents changed stay as they are."""
    known = set(model.objects.values_list("code", flat=True))
    model.objects.bulk_create(model(**row) for row in TYPES if row["code"] not in known)
