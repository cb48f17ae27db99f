"""Six scenes of a small town by the Garonne, drawn for the demo: `SCENES[name].draw()` gives a WebP of 1600 × 900."""

from collections.abc import Callable
from dataclasses import dataclass

from core.pages.scenes.childhood import canteen, school
from core.pages.scenes.outdoors import playground, river
from core.pages.scenes.town import bus, square


@dataclass(frozen=True, slots=True)
class Scene:
    """`draw` gives the WebP; `description` is what somebody who does not see it should know."""

    title: str
    description: str
    draw: Callable[[], bytes]


SCENES: dict[str, Scene] = {
    "square": Scene(
        "La place de la mairie",
        "Dessin : la place de la mairie un matin de marché, des habitants sous les platanes.",
        square,
    ),
    "school": Scene(
        "L’entrée de l’école", "Dessin : des enfants entrent à l’école, cartable sur le dos.", school
    ),
    "canteen": Scene("La cantine", "Dessin : cinq enfants déjeunent à la cantine.", canteen),
    "bus": Scene(
        "Le bus scolaire", "Dessin : des enfants attendent à l’arrêt ; le bus scolaire est là.", bus
    ),
    "playground": Scene(
        "L’aire de jeux", "Dessin : des enfants jouent au toboggan et à la balançoire.", playground
    ),
    "river": Scene(
        "Les bords de Garonne",
        "Dessin : la Garonne, son pont suspendu et un carrelet ; on se promène sur la rive.",
        river,
    ),
}
