"""The `parvis` command: Django's management commands, with the demo's settings unless told otherwise."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings.demo")
    if sys.argv[1:] == ["plugin", "check"]:  # works when a plugin keeps Django from starting
        from core.kernel import inspection

        text, in_order = inspection.report(inspection.check())
        print(text)
        sys.exit(0 if in_order else 1)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
