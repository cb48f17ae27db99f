#!/usr/bin/env python
"""The same as the `parvis` command, for tools that look for a manage.py."""

from core.cli import main

if __name__ == "__main__":
    main()
