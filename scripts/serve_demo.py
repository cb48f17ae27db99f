"""The demo commune in one process: bring its database up to date, fill it if needed, serve it.

One start of Django because each costs a second, and `make demo` should answer at once
the second time.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import sys
import threading
import time
import traceback
from pathlib import Path

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))

os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.settings.demo"
os.environ.setdefault("PARVIS_URL", f"http://{HOST}:{PORT}")


def main() -> int:
    refuse_taken_port()

    import django

    django.setup()
    from django.conf import settings

    if "--reset" in sys.argv[1:]:
        forget(settings.VAR)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is not there
    if status := filled():
        return status
    serve()
    return 0


def filled() -> int:
    """Bring the database up to date and fill it, in a child whose exit status is returned: the process that forks
    workers must never have made a PDF, since Typst's threads do not survive a fork and each worker would wait for them.
    """
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        fill()
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def fill() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Base de données…", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
    call_command("demo")


def refuse_taken_port() -> None:
    with socket.socket(socket.AF_INET6 if ":" in HOST else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as error:
            taken = f"L'adresse {HOST}:{PORT} n'est pas libre ({error.strerror})"
            sys.exit(f"{taken} ; essayez « PORT={PORT + 1} make demo ».")


def forget(var: Path) -> None:
    """Remove the demo's own data, and nothing else that may lie in the folder."""
    for path in [*var.glob("parvis.sqlite3*"), var / "media", var / "courrier"]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def tick_each_minute() -> None:
    from django.core.management import call_command
    from django.db import connections

    while True:
        try:
            call_command("tick", stdout=io.StringIO())
        except Exception as error:  # the demo goes on; the page of jobs shows the rest
            print(f"parvis tick : {type(error).__name__}", file=sys.stderr)
        finally:
            connections.close_all()
        time.sleep(60)


def serve() -> None:
    from django.core.wsgi import get_wsgi_application
    from gunicorn.app.base import BaseApplication

    def tick(_worker: object) -> None:
        """Each worker is the timer of a real town; the database decides which one runs a job."""
        threading.Thread(target=tick_each_minute, name="tick", daemon=True).start()

    def announce(_arbiter: object) -> None:
        print(f"\nParvis est ouvert : http://{HOST}:{PORT}/   (Ctrl+C pour fermer)\n", flush=True)

    class Demo(BaseApplication):
        def load_config(self) -> None:
            values = {
                "bind": f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}",
                "workers": 2,
                "threads": 4,
                "preload_app": True,  # the fork shares what is already in memory
                "loglevel": "warning",
                "proc_name": "parvis-demo",
                "when_ready": announce,
                "post_worker_init": tick,
                "control_socket_disable": True,
            }
            for key, value in values.items():
                if key in self.cfg.settings:
                    self.cfg.set(key, value)

        def load(self) -> object:
            return get_wsgi_application()

    sys.argv = ["parvis-demo"]  # gunicorn reads the command line
    Demo().run()


if __name__ == "__main__":
    sys.exit(main())
