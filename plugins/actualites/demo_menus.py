"""The demo's menus: four weeks around the day, for the schools and for the leisure centre."""

from dataclasses import dataclass
from datetime import timedelta

from core.contracts.demo import Demo
from core.town.calendar import days_between
from core.town.demo import ALSH
from core.town.models import Site
from core.town.selectors import calendar
from plugins.actualites.models import Dish, Meal, MenuGroup, MenuWeek
from plugins.actualites.selectors_menus import monday_of

BEFORE, AFTER = 1, 2
"""Weeks before and after that of the day."""

Course = Dish.Course


@dataclass(frozen=True, slots=True)
class Plate:
    """A dish of the book: name, allergens, labels."""

    name: str
    allergens: str = ""
    labels: str = ""

    def dish(self, meal: Meal, course: int) -> Dish:
        return Dish(
            meal=meal,
            course=course,
            name=self.name,
            allergens=self.allergens.split(),
            labels=self.labels.split(),
        )


P = Plate
STARTERS = (
    P("Carottes râpées", "moutarde", "bio local"),
    P("Velouté de potimarron", "lait celeri", "maison"),
    P("Betteraves et pommes", "moutarde", "bio"),
    P("Salade de lentilles", "moutarde", "bio"),
    P("Soupe de légumes", "celeri", "maison"),
    P("Céleri rémoulade", "celeri moutarde oeuf"),
    P("Salade verte et noix", "moutarde fruits-a-coque", "local"),
    P("Taboulé", "gluten"),
    P("Poireaux vinaigrette", "moutarde sulfites", "bio local"),
)
MAINS = (
    P("Poulet rôti", "", "label-rouge"),
    P("Filet de merlu, sauce citron", "poisson lait", "peche-durable"),
    P("Bœuf mijoté aux carottes", "celeri sulfites", "bio maison"),
    P("Sauté de dinde à la moutarde", "moutarde lait", "maison"),
    P("Parmentier de poisson", "poisson lait", "peche-durable maison"),
    P("Rôti de veau", "", "fermier"),
    P("Émincé de porc, ou de dinde", "gluten soja"),
)
GREEN = (
    P("Chili sans viande", "", "bio maison"),
    P("Lasagnes aux légumes", "gluten lait oeuf", "maison"),
    P("Couscous de légumes et pois chiches", "gluten celeri", "bio"),
    P("Omelette aux fines herbes", "oeuf lait", "bio local"),
)
SIDES = (
    P("Haricots verts", "", "bio"),
    P("Riz de Camargue", "", "igp"),
    P("Purée de courge", "lait", "maison local"),
    P("Semoule", "gluten", "bio"),
    P("Petits pois", "", "bio"),
    P("Pommes de terre au four", "", "hve local"),
    P("Gratin de brocolis", "lait gluten", "maison"),
)
DAIRY = (
    P("Ossau-iraty", "lait", "aop"),
    P("Yaourt de la ferme", "lait", "fermier local"),
    P("Tomme blanche", "lait"),
    P("Fromage blanc", "lait", "bio"),
    P("Emmental", "lait", "label-rouge"),
)
DESSERTS = (
    P("Pomme", "", "hve local"),
    P("Compote de poires", "", "maison"),
    P("Clémentine", "", "igp"),
    P("Riz au lait", "lait", "maison"),
    P("Kiwi", "", "label-rouge"),
    P("Gâteau au yaourt", "gluten lait oeuf", "maison"),
    P("Banane", "", "equitable"),
)
SNACKS = (
    P("Pain et chocolat", "gluten lait soja", "bio"),
    P("Pain d’épices et lait", "gluten lait"),
    P("Compote et biscuit", "gluten oeuf lait"),
)
BOOK = ((Course.STARTER, STARTERS), (Course.SIDE, SIDES), (Course.DAIRY, DAIRY), (Course.DESSERT, DESSERTS))
NOTE = "Cette semaine, le pain est pétri et cuit dans la commune."


def load(demo: Demo) -> list[str]:
    """Write the weeks that are missing; those that agents changed stay. Returns French lines."""
    if MenuGroup.objects.exists():
        return []
    schools = Site.objects.filter(kind__in=Site.SCHOOL_KINDS)
    groups = (
        (MenuGroup(name="Écoles", slug="ecoles", days=MenuGroup.Days.SCHOOL, position=1), list(schools)),
        (
            MenuGroup(
                name="Accueil de loisirs", slug="accueil-de-loisirs", days=MenuGroup.Days.LEISURE, position=2
            ),
            list(Site.objects.filter(code=ALSH)),
        ),
    )
    count = sum(_weeks(demo, group, sites) for group, sites in groups)
    return [f"Menus : {len(groups)} groupes de convives, {count} semaines."]


def _weeks(demo: Demo, group: MenuGroup, sites: list[Site]) -> int:
    group.save()
    group.sites.set(sites)
    here = monday_of(demo.today)
    mondays = [here + timedelta(weeks=rank) for rank in range(-BEFORE, AFTER + 1)]
    known = calendar(mondays[0], mondays[-1] + timedelta(days=4))
    random = demo.random(f"menus de la semaine, {group.slug}")
    weeks, meals, dishes = [], [], []
    for monday in mondays:
        days = [
            day
            for day in days_between(monday, monday + timedelta(days=4))
            if known.day_kind(day) in group.pattern
        ]
        if not days:
            continue
        week = MenuWeek(group=group, monday=monday, note=NOTE if monday == here else "")
        weeks.append(week)
        green = random.choice(days)
        books = {course: random.sample(plates, len(days)) for course, plates in BOOK}
        mains, greens = random.sample(MAINS, len(days)), random.choice(GREEN)
        for rank, day in enumerate(days):
            meal = Meal(week=week, weekday=day.isoweekday(), vegetarian=day == green)
            meals.append(meal)
            dishes.append((greens if meal.vegetarian else mains[rank]).dish(meal, Course.MAIN))
            dishes += [books[course][rank].dish(meal, course) for course, _plates in BOOK]
            if group.days == MenuGroup.Days.LEISURE:
                dishes.append(random.choice(SNACKS).dish(meal, Course.SNACK))
    MenuWeek.objects.bulk_create(weeks)
    Meal.objects.bulk_create(meals)
    Dish.objects.bulk_create(dishes)
    return len(weeks)
