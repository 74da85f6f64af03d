"""``make fuzz``: schemathesis over the schema of the API as each kind of caller.

It builds a demonstration register of its own, serves it from this process on a free port of the
loopback, and lets schemathesis (from an environment of its own, argument 1) send what the schema
admits and what it does not. No answer may be a 500, of an undocumented status, or in a form that
the schema does not describe. Prints one line a caller; exit 1 where anything was found.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

CALLERS = {
    "recorder": "410001",
    "unit reviewer": "410002",
    "office": "410003",
    "approver": "410004",
    "tip handler": "410005",
    "auditor": "410006",
    "administrator": "410007",
    "client outside": "",
}
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,"
CHECKS += "response_schema_conformance"
SUBJECTS = 60


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: there are thousands of requests."""


@dataclass(frozen=True)
class Result:
    """What one caller found."""

    caller: str
    calls: int
    failures: int
    seconds: float
    output: str


def prepared(folder: str) -> None:
    """Django on a register of its own in ``folder``, without a limit of calls a minute."""
    os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "wugang_credit.settings"}
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.WARNING)
    settings.API_CALLS_A_MINUTE = settings.API_CALLS_A_MINUTE_CLIENT = 10**9
    # The tool looks at the address of the site once; its pages need no built files for that.
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    call_command("migrate", verbosity=0)
    call_command("demo", subjects=SUBJECTS)


def token_for(number: str) -> str:
    """A token with every scope that its holder can have."""
    from accounts.models import Client, Officer
    from accounts.scopes import DISCLOSABLE, Scope
    from accounts.tokens import issue_token

    if number:
        officer = Officer.objects.get(number=number)
        return issue_token(actor=None, officer=officer, scopes=Scope.values)[1]
    client, _ = Client.objects.get_or_create(name="市公共信用信息平台")
    return issue_token(actor=None, client=client, scopes=DISCLOSABLE)[1]


class Counting:
    """A WSGI application that counts the statuses of the calls it answers."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.statuses: Counter[str] = Counter()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        def noting(status: str, *rest: Any) -> Any:
            if environ["PATH_INFO"].startswith("/api/v1/"):
                self.statuses[status[:3]] += 1
            return start_response(status, *rest)

        return self.inner(environ, noting)


def name_known_ids(folder: str, known: bool) -> None:
    """With ``known`` the addresses name what is on record, so that calls get past 404."""
    from subjects.models import Subject
    from violations.models import Violation

    violation = Violation.objects.filter(decision__state="in_force", revoked_on=None).first()
    assert violation is not None
    code = Subject.objects.get(decisions__violations=violation).credit_code
    lines = ["[parameters]", f'"path.id" = {violation.pk}', f'"path.credit_code" = "{code}"']
    Path(folder, "schemathesis.toml").write_text("\n".join(lines) if known else "")


def fuzzed(tool: str, caller: str, address: str, examples: int) -> Result:
    begun = time.monotonic()
    command = [
        tool,
        "run",
        f"{address}/api/schema/?format=json",
        "--header",
        f"Authorization: Token {token_for(CALLERS[caller])}",
        "--checks",
        CHECKS,
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        str(examples),
        "--seed",
        "394",
        "--continue-on-failure",
        "--suppress-health-check",
        "all",
        "--no-color",
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
        cwd=os.environ["VAR_DIR"],  # where it may leave its files
    )
    output = done.stdout + done.stderr
    calls = re.search(r"(\d+) generated", output.replace(",", ""))
    failures = re.search(r"found (\d+) unique failures?", output.replace(",", ""))
    found = int(failures[1]) if failures else int(done.returncode != 0)
    seconds = time.monotonic() - begun
    return Result(caller, int(calls[1]) if calls else 0, found, seconds, output)


def main() -> int:
    tool = str(Path(sys.argv[1]).absolute())
    examples = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        prepared(folder)
        from django.core.wsgi import get_wsgi_application

        counting = Counting(get_wsgi_application())
        server = make_server("127.0.0.1", 0, counting, server_class=Server, handler_class=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        bad = 0
        for caller, known in product(CALLERS, (False, True)):
            name_known_ids(folder, known)
            counting.statuses.clear()
            result = fuzzed(tool, caller, address, examples)
            say(result, known, counting.statuses)
            bad += result.failures + (not result.calls)
        server.shutdown()
    return 1 if bad else 0


def say(result: Result, known: bool, statuses: Counter[str]) -> None:
    """One line, and all that the tool said where it found something."""
    answered = " ".join(f"{status}:{n}" for status, n in sorted(statuses.items()))
    print(
        f"{result.caller:15} {'known ids' if known else 'any ids':9} {result.calls:6} calls "
        f"{result.failures:3} failures {result.seconds:4.0f} s  {answered}",
        flush=True,
    )
    if result.failures or not result.calls:
        print(result.output)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
