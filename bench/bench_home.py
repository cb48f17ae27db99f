"""The demo town's pages: a parent's home, the agents' sheet of that family."""

from harness import Report, at_most, demo_town, page, signed_in, start

PLUGINS = 3
BOUNDS = {
    "parent home, statements": at_most(7 + PLUGINS),
    "parent home, p95": at_most(60),
    "agents' family sheet, statements": at_most(20),
}


def main() -> int:
    start()
    demo_town()
    from core.families.models import Guardian
    from core.kernel import state

    assert len(state.enabled()) == PLUGINS
    report = Report(BOUNDS)
    page(report, "parent home", signed_in("parent"), "/espace-famille/")
    family = Guardian.objects.filter(person__user__username="parent").values_list("family", flat=True).get()
    page(report, "agents' family sheet", signed_in("enfance"), f"/gestion/familles/{family}/")
    return report.close()


if __name__ == "__main__":
    raise SystemExit(main())
