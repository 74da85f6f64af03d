"""Starts the whole product on this machine: web, worker and beat, until Ctrl-C."""

from __future__ import annotations

import fcntl
import os
import socket
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction

from core.supervisor import Child, Supervisor

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "启动整套系统（网页、后台任务、定时任务），按 Ctrl-C 一并结束。"
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="启动本命令的进程（如 make）结束时，一并结束。",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        parent = os.getppid() if options["with_parent"] else None
        with _only_one():
            _refuse_taken_port()
            try:
                self._prepare()
            except KeyboardInterrupt:
                raise CommandError("准备工作被中断，尚未启动。") from None
            logs = settings.VAR_DIR / "log"
            logs.mkdir(exist_ok=True)
            supervisor = Supervisor(_children(logs), tell=self._tell, parent=parent)
            supervisor.run(ready=_answers, on_ready=self._greet)
            self._tell("已全部停止。")

    def _prepare(self) -> None:
        """Database, demonstration register (first start only) and static files."""
        self._tell("正在准备数据库和静态文件 ……")
        call_command("migrate", interactive=False, verbosity=0)
        if settings.PROFILE == "demo" and not get_user_model()._default_manager.exists():
            self._tell("首次启动，正在载入演示数据 ……")
            with transaction.atomic():  # broken off, it begins anew at the next start
                call_command("demo")
        call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()

    def _greet(self) -> None:
        self._tell(f"系统已启动：http://{HOST}:{settings.PORT}")
        if settings.PROFILE == "demo":
            self._tell("演示账号（密码为 demo- 加警号，例如 demo-410001）：")
            for line in _sign_ins():
                self._tell(line)
            connections.close_all()
        self._tell(f"运行日志在 {settings.VAR_DIR / 'log'}；按 Ctrl-C 停止。")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@contextmanager
def _only_one() -> Iterator[None]:
    """One supervisor a VAR_DIR, held by a lock that ends with the process: no file can go stale."""
    with (settings.VAR_DIR / "serve.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"{settings.VAR_DIR} 中的系统已在运行。请先停止它，或用 VAR_DIR 另选一个目录。"
            ) from None
        yield


def _refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"端口 {settings.PORT} 不能使用（{error.strerror}）。"
                "请停止占用它的程序，或另选一个端口：PORT=8001 make run"
            ) from None


def _children(logs: Path) -> list[Child]:
    module, _, application = settings.WSGI_APPLICATION.rpartition(".")
    project = module.split(".")[0]
    celery = [sys.executable, "-m", "celery", "-A", project]
    web = [
        *(sys.executable, "-m", "gunicorn", f"{module}:{application}"),
        *("--bind", f"{HOST}:{settings.PORT}"),
        *("--workers", "1", "--threads", "8", "--timeout", "60", "--graceful-timeout", "10"),
        *("--no-control-socket", "--config", f"python:{module.split('.')[0]}.gunicorn_conf"),
    ]
    worker = [
        *celery,
        *("worker", "--pool", "solo", "--loglevel", "INFO", "--hostname", "embedded@%h"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    # No --pidfile: one that a killed beat leaves behind would keep the next from starting.
    beat = [
        *(*celery, "beat", "--loglevel", "INFO"),
        *("--schedule", str(settings.VAR_DIR / "beat-schedule")),
    ]
    commands = {"web": web, "worker": worker, "beat": beat}
    return [Child(name, command, logs / f"{name}.log") for name, command in commands.items()]


def _answers() -> bool:
    request = urllib.request.Request(
        f"http://{HOST}:{settings.PORT}/healthz", headers={"Host": _own_host()}
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=1) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _own_host() -> str:
    allowed: list[str] = settings.ALLOWED_HOSTS
    return HOST if not allowed or HOST in allowed else allowed[0].lstrip(".")


def _sign_ins() -> list[str]:
    """A line for each demonstration officer: number, name, unit, roles."""
    officers: Any = get_user_model()._default_manager.order_by("number")[:12]
    return [
        f"  {officer.number}  {officer.unit}  {'、'.join(officer.role_names)}"
        for officer in officers
    ]
