"""``manage.py api_token NUMBER [--scopes ...]``: issue a token of the API and print it once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import ApiToken, Client, Officer
from accounts.scopes import DISCLOSABLE, NEEDS, Scope, default_scopes
from accounts.tokens import InvalidToken, issue_token, revoke_token
from core import audit


class Command(BaseCommand):
    help = "签发接口令牌，只显示一次；令牌写到标准输出，说明写到标准错误"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="?", metavar="NUMBER", help="民警的警号")
        parser.add_argument(
            "--scopes",
            nargs="+",
            default=None,
            metavar="SCOPE",
            help=f"范围：{'、'.join(Scope.values)}；不写时按角色给予",
        )
        parser.add_argument("--client", metavar="NAME", help="发给局外的部门或系统，写其名称")
        parser.add_argument("--contact", default="", help="该部门的联系方式")
        parser.add_argument("--until", metavar="YYYY-MM-DD", help="有效期至（含），默认一年")
        parser.add_argument(
            "--agreed-by",
            metavar="NUMBER",
            help="同意签发的系统管理员的警号；正式环境必须写，不能是持有人",
        )
        parser.add_argument("--revoke", metavar="PREFIX", help="撤销以此为前缀的令牌")

    def handle(self, *args: Any, **options: Any) -> None:
        with audit.origin("command api_token"):
            if options["revoke"]:
                self._revoke(options["revoke"])
            else:
                self._issue(options)

    @transaction.atomic
    def _issue(self, options: dict[str, Any]) -> None:
        number, name = options["number"], options["client"]
        if bool(number) == bool(name):
            raise CommandError("请写警号，或用 --client 写外部用户的名称，二者选一。")
        officer = self._officer(number) if number else None
        client = self._client(name, options["contact"]) if name else None
        scopes = self._scopes(options["scopes"], officer)
        agreed_by = self._agreed_by(options["agreed_by"])
        try:
            until = date.fromisoformat(options["until"]) if options["until"] else None
            token, secret = issue_token(
                actor=None,
                agreed_by=agreed_by,
                officer=officer,
                client=client,
                scopes=scopes,
                valid_until=until,
            )
        except (InvalidToken, PermissionDenied) as refused:
            raise CommandError(str(refused)) from refused
        except ValueError as error:
            raise CommandError("--until 不是日期。请写成 2027-12-31 这样的形式。") from error
        self.stderr.write(
            f"{token.holder} 的令牌 {token.prefix}，范围 {token.scopes}，"
            f"有效期至 {token.valid_until}。只显示这一次："
        )
        self.stdout.write(secret)
        self._warn_of_role(officer, token)

    def _officer(self, number: str) -> Officer:
        try:
            return Officer.objects.get(number=number, is_active=True)
        except Officer.DoesNotExist as error:
            raise CommandError(f"没有警号为 {number} 的在用账号。请核对警号。") from error

    def _agreed_by(self, number: str | None) -> Officer | None:
        """The administrator who agreed: whoever runs the machine names one where it is real."""
        if number:
            return self._officer(number)
        if settings.PRODUCTION:
            raise CommandError(
                "正式环境签发令牌须经一位系统管理员同意。请用 --agreed-by 写其警号，"
                "或由两位管理员在“接口令牌”页办理。"
            )
        return None

    def _client(self, name: str, contact: str) -> Client:
        client, made = Client.objects.get_or_create(name=name[:64], defaults={"contact": contact})
        if made:
            audit.record(actor=None, action="client.register", target=client)
        return client

    def _scopes(self, named: list[str] | None, officer: Officer | None) -> frozenset[str]:
        if named is not None:
            return frozenset(one for part in named for one in part.replace(",", " ").split())
        if officer is None:
            return DISCLOSABLE
        scopes = default_scopes(officer.permissions)
        if not scopes:
            raise CommandError(f"{officer} 的角色用不到接口。请核对警号，或先授予角色。")
        return scopes

    def _warn_of_role(self, officer: Officer | None, token: ApiToken) -> None:
        if officer is None:
            return
        useless = [
            scope for scope in sorted(token.scope_set) if not NEEDS[scope] & officer.permissions
        ]
        if useless:
            self.stderr.write(f"该民警现在的角色用不到 {'、'.join(useless)}。")

    def _revoke(self, prefix: str) -> None:
        token = ApiToken.objects.filter(prefix=prefix.removeprefix("wg_")[:12]).first()
        if token is None:
            raise CommandError(f"没有前缀为 {prefix} 的令牌。请核对。")
        revoke_token(actor=None, token=token)
        self.stderr.write(f"已撤销 {token}。")
