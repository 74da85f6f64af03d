"""``manage.py serve`` starts web, worker and beat together and leaves nothing behind.

Real processes on a free port, with their data in a temporary VAR_DIR.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests import migrated
from tests.ops.environment import ROOT
from tests.ops.processes import PATIENCE, environment, free_port, using, wait

OFFICER = """
from accounts.models import Officer, Unit
unit = Unit.objects.create(code="WG-ZA", name="治安管理大队")
Officer.objects.create(number="410001", name="样例", unit=unit)
"""

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc"),
]


class Serve:
    """One ``serve`` with its environment, and what a test asks of it."""

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir
        self.port = free_port()
        self.environment = environment(var_dir, PORT=str(self.port))
        self.output = var_dir / "serve.out"

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *arguments: str, shell: bool = False) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "serve", *arguments]
        if shell:  # as make does: a process between the test and the supervisor
            code = "import subprocess, sys; subprocess.run(sys.argv[1:])"
            command = [sys.executable, "-c", code, *command]
        with self.output.open("wb") as output:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def healthy(self) -> bool:
        with suppress(OSError):
            address = f"http://127.0.0.1:{self.port}/healthz"
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with direct.open(address, timeout=2) as response:
                return bool(response.status == 200)
        return False

    def wait_until_up(self) -> None:
        wait("start", lambda: "系统已启动" in self.output.read_text() and self.healthy())
        wait("worker", lambda: self.has_logged("worker", "ready."))
        wait("beat", lambda: self.has_logged("beat", "beat: Starting..."))

    def wait_until_gone(self) -> None:
        wait(f"end of {using(self.var_dir)}", lambda: not using(self.var_dir))

    def has_logged(self, name: str, words: str) -> bool:
        log = self.var_dir / "log" / f"{name}.log"
        return log.is_file() and words in log.read_text(errors="replace")

    def id_of(self, words: str) -> int | None:
        return min(
            (pid for pid, line in using(self.var_dir).items() if words in line), default=None
        )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAR_DIR with a migrated database and one officer, so that no register is loaded."""
    var_dir = tmp_path_factory.mktemp("prepared")
    shutil.copyfile(migrated.sqlite_file(), var_dir / "db.sqlite3")
    result = Serve(var_dir).manage("shell", "--verbosity", "0", "-c", OFFICER)
    assert result.returncode == 0, result.stderr
    return var_dir


@pytest.fixture
def serve(prepared: Path, tmp_path: Path) -> Iterator[Serve]:
    var_dir = tmp_path / "var"
    shutil.copytree(prepared, var_dir)
    yield Serve(var_dir)
    for pid in using(var_dir):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_it_starts_all_three_says_where_and_a_stop_signal_ends_all(serve: Serve) -> None:
    process = serve.start()
    serve.wait_until_up()
    words = serve.output.read_text()
    assert f"http://127.0.0.1:{serve.port}" in words
    assert "410001" in words

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=PATIENCE) == 0
    serve.wait_until_gone()
    assert "已全部停止" in serve.output.read_text()


def test_killed_outright_it_leaves_nothing_behind_and_starts_again(serve: Serve) -> None:
    process = serve.start()
    serve.wait_until_up()

    process.kill()
    process.wait(timeout=PATIENCE)
    serve.wait_until_gone()

    again = serve.start()
    serve.wait_until_up()
    again.send_signal(signal.SIGINT)
    assert again.wait(timeout=PATIENCE) == 0
    serve.wait_until_gone()


def test_a_child_that_dies_is_started_again(serve: Serve) -> None:
    process = serve.start()
    serve.wait_until_up()
    worker = serve.id_of(" worker ")
    assert worker is not None

    os.kill(worker, signal.SIGKILL)

    wait("a new worker", lambda: serve.id_of(" worker ") not in (None, worker))
    assert "worker 进程意外结束" in serve.output.read_text()
    process.terminate()
    process.wait(timeout=PATIENCE)
    serve.wait_until_gone()


def test_it_ends_with_the_process_that_started_it(serve: Serve) -> None:
    make = serve.start("--with-parent", shell=True)
    serve.wait_until_up()

    make.kill()
    make.wait(timeout=PATIENCE)

    serve.wait_until_gone()


def test_a_taken_port_is_said_plainly(serve: Serve) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", serve.port))
        other.listen()

        result = serve.manage("serve")

    assert result.returncode == 1
    assert f"端口 {serve.port} 不能使用" in result.stderr
    assert "Traceback" not in result.stderr
    assert using(serve.var_dir) == {}


def test_a_second_one_on_the_same_data_is_refused(serve: Serve) -> None:
    process = serve.start()
    serve.wait_until_up()
    serve.environment["PORT"] = str(free_port())

    result = serve.manage("serve")

    assert result.returncode == 1
    assert "已在运行" in result.stderr
    process.terminate()
    assert process.wait(timeout=PATIENCE) == 0
