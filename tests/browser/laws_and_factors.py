"""The pages of the law catalogue and of factors, with something to show on each."""

from __future__ import annotations

from datetime import timedelta

from accounts.roles import Role
from core.clock import today
from tests import factories
from tests.browser.world import World
from violations.models import Factor, FactorRow, FactorRun, LawArticle


def factor_pages(world: World) -> dict[str, int]:
    """As a recorder: a factor in force, past ones, a sheet with every kind of row."""
    recorder, subject, day = world.officers[Role.RECORDER], world.subjects["B"], today()
    about = {
        "subject": subject,
        "kind": "national",
        "scheme": "全国公共信用综合评价",
        "source": "市平台推送",
        "recorded_by": recorder,
    }
    one = Factor.objects.create(
        value="差", is_worst=True, in_force_from=day - timedelta(days=20), **about
    )
    Factor.objects.create(
        value="良",
        in_force_from=day - timedelta(days=400),
        in_force_until=day - timedelta(days=21),
        **about,
    )
    run = FactorRun.objects.create(
        unit=recorder.unit,
        officer=recorder,
        kind="national",
        scheme="全国公共信用综合评价",
        source="市平台推送",
        file_name="国家评价 2026 年第三季度.xlsx",
        sha256="0" * 64,
    )
    for number, (match, note, named) in enumerate(
        [
            ("conflict", "曾用名称，库中该代码的名称为“舞钢市样例远帆宾馆有限公司”", subject),
            ("unmatched", "", None),
            ("matched", "", subject),
            ("known", "", subject),
        ],
        start=2,
    ):
        FactorRow.objects.create(
            run=run,
            row=number,
            credit_code=factories.credit_code(700 + number),
            name="舞钢市样例旧名宾馆有限公司",
            scheme=run.scheme,
            value="良",
            in_force_from=day,
            match=match,
            note=note,
            subject=named,
        )
    sheet = f"/factors/sheets/{run.pk}/"
    return {
        "/": 200,
        "/factors/": 200,
        "/factors/?q=zzzz": 200,
        "/factors/new/": 200,
        f"/factors/{one.pk}/": 200,
        "/factors/sheets/": 200,
        "/factors/sheets/new/": 200,
        sheet: 200,
        **{f"{sheet}?group={group}": 200 for group in ("unmatched", "matched", "known")},
        f"/subjects/{subject.pk}/": 200,
        "/laws/": 200,
    }


def law_pages(world: World) -> dict[str, int]:
    """As the office: the catalogue with a law that nobody mapped, an entry and its forms."""
    made = factories.decision(acts=[])
    factories.act(made, ["warning"], law="某市某办法", law_key="某市某办法")
    pk = LawArticle.objects.get(law="保安服务管理条例", number="43").pk
    return {
        "/laws/": 200,
        "/laws/?past=1&q=zzzz": 200,
        f"/laws/{pk}/": 200,
        f"/laws/{pk}/change/": 200,
        "/laws/new/": 200,
        "/factors/": 200,
    }
