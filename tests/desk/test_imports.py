"""The import in the browser: handing in, progress, mending, deciding, taking back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry, OfficeSetting
from core.workbook_guard import MAX_FILE
from tests import factories
from tests.violations.runs import as_csv, checked, file_of, submitted, uploaded, worked, written
from tests.violations.sheets import PENALTY_HEADER, penalty, units
from violations.import_columns import FORMS, PENALTIES
from violations.import_models import ImportProgress, ImportRun, ImportState
from violations.models import Decision

pytestmark = pytest.mark.django_db
BAD_DAY = {"处罚决定日期": "2026/13/02"}


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-11-20 09:00+08:00", tick=False):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, unit=units()["WG-ZA"])


@pytest.fixture
def reviewer(recorder: Officer) -> Officer:
    return factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.content.decode()))


def url(name: str, run: ImportRun) -> str:
    return reverse(f"desk:import-{name}", args=[run.pk])


def post(client: Client, name: str, run: ImportRun, **data: Any) -> Any:
    return client.post(url(name, run), {"version": run.version, **data})


def rows_of(answer: Any) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book.worksheets[0].rows]


def test_a_sheet_is_taken_in_and_its_hash_shown(recorder: Officer) -> None:
    client = signed_in(recorder)
    answer = client.post(reverse("desk:imports"), {"file": file_of([penalty(1)])})
    run = ImportRun.objects.get()
    assert answer.headers["Location"] == url("run", run)
    shown = text_of(client.get(url("run", run)))
    assert run.sha256 in shown
    assert "等待" in shown


@pytest.mark.parametrize(
    ("file", "words"),
    [(None, "没有选择文件"), (b"", "文件是空的"), (b"x" * (MAX_FILE + 1), "拆成几个文件")],
)
def test_what_cannot_be_taken_in_says_why(
    recorder: Officer, file: bytes | None, words: str
) -> None:
    data = {} if file is None else {"file": file_of(file)}
    answer = signed_in(recorder).post(reverse("desk:imports"), data)
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert not ImportRun.objects.exists()


def test_the_same_content_again_is_said(recorder: Officer) -> None:
    checked(recorder, [penalty(1)])
    client = signed_in(recorder)
    answer = client.post(reverse("desk:imports"), {"file": file_of([penalty(1)])}, follow=True)
    assert "同样内容的文件已于2026-11-20上传过" in text_of(answer)


def test_the_templates_are_read_by_the_import_itself(recorder: Officer) -> None:
    client = signed_in(recorder)
    for kind, columns in FORMS.items():
        answer = client.get(reverse("desk:import-template", args=[kind]))
        assert rows_of(answer) == [[column.label for column in columns]]
    header = [column.label for column in FORMS[PENALTIES]]
    assert checked(recorder, as_csv([penalty(1)], header)).state == ImportState.CHECKED
    assert client.get(reverse("desk:import-template", args=["nothing"])).status_code == 404


def test_progress_is_asked_for_until_the_work_is_done(recorder: Officer) -> None:
    run = uploaded(recorder, [penalty(1)])
    ImportProgress.objects.filter(run=run).update(phase="校验", done=500, total=2000)
    client = signed_in(recorder)
    answer = client.get(url("progress", run))
    assert "校验500/2,000" in text_of(answer)
    assert 'hx-trigger="every 2s"' in answer.content.decode()
    assert 'aria-valuenow="25"' in answer.content.decode()
    worked(run)
    assert client.get(url("progress", run)).headers["HX-Refresh"] == "true"


def test_without_script_a_link_fetches_the_progress(recorder: Officer) -> None:
    run = uploaded(recorder, [penalty(1)])
    assert "刷新进度" in text_of(signed_in(recorder).get(url("run", run)))


def test_faults_are_listed_filtered_and_paged(recorder: Officer) -> None:
    rows = [penalty(n, **BAD_DAY) for n in range(1, 41)] + [penalty(99, 处罚类别="罚站")]
    run = checked(recorder, rows)
    client = signed_in(recorder)
    shown = text_of(client.get(url("run", run)))
    assert "第1/2页" in shown
    assert "处罚决定日期40" in shown
    second = client.get(url("run", run), {"page": "2"}).content.decode()
    assert 'name="c-42-kinds" value="罚站"' in second
    kinds = client.get(url("run", run), {"column": "kinds"}).content.decode()
    assert re.findall(r'name="(c-[^"]+)"', kinds) == ["c-42-kinds"]


def test_the_page_of_faults_takes_the_same_queries_however_many(
    recorder: Officer, django_assert_max_num_queries: Any
) -> None:
    run = checked(recorder, [penalty(n, **BAD_DAY) for n in range(1, 101)])
    client = signed_in(recorder)
    client.get(url("run", run))
    with django_assert_max_num_queries(16):
        client.get(url("run", run))
    with django_assert_max_num_queries(12):
        client.get(reverse("desk:imports"))


def test_a_cell_is_mended_in_the_page(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1, **BAD_DAY), penalty(2, 处罚类别="罚站")])
    data = {"c-2-decided_on": "2026-10-02", "c-3-kinds": "罚站", "c-9-kinds": "警告"}
    answer = post(signed_in(recorder), "mend", run, **data)
    assert answer.status_code == 302
    assert list(run.overrides.values_list("row", "key", "value")) == [
        (2, "decided_on", "2026-10-02")  # the other is as it was, row 9 has no fault
    ]
    run = worked(run)
    assert list(run.faults.values_list("row", flat=True)) == [3]


def test_a_box_can_be_emptied(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1, 处罚类别="警告")])
    assert run.faults.get().key == "fine"
    post(signed_in(recorder), "mend", run, **{"c-2-fine": ""})
    assert worked(run).state == ImportState.CHECKED


def test_a_doubled_row_is_taken_out_and_a_faulty_one_is_not(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1), penalty(1), penalty(2, **BAD_DAY)])
    client = signed_in(recorder)
    assert re.findall(r'name="(x-\d+)"', client.get(url("run", run)).content.decode()) == ["x-3"]
    post(client, "mend", run, **{"x-3": "on", "x-4": "on"})
    assert list(run.overrides.values_list("row", "key")) == [(3, "")]


@pytest.mark.parametrize("version", ["", "x", "99", "2" * 30])
def test_what_was_mended_in_an_old_version_is_not_taken(recorder: Officer, version: str) -> None:
    run = checked(recorder, [penalty(1, **BAD_DAY)])
    data = {"version": version, "c-2-decided_on": "2026-10-02"}
    answer = signed_in(recorder).post(url("mend", run), data, follow=True)
    assert "已有改动" in text_of(answer)
    assert not run.overrides.exists()


def test_the_marked_sheet_comes_back_mended(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1, **BAD_DAY), penalty(2, 处罚类别="罚站")])
    client = signed_in(recorder)
    post(client, "mend", run, **{"c-2-decided_on": "2026-10-02"})
    run = worked(run)
    answer = client.get(url("marked", run))
    rows = rows_of(answer)
    assert rows[0] == [*PENALTY_HEADER, "需更正的内容"]
    day, kinds = PENALTY_HEADER.index("处罚决定日期"), PENALTY_HEADER.index("处罚类别")
    assert rows[1][day] == "2026-10-02"
    assert "处罚类别：没有" in rows[2][-1]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert AuditEntry.objects.filter(action="import.download_marked").count() == 1
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    book.worksheets[0].cell(3, kinds + 1).value = "罚款"
    out = io.BytesIO()
    book.save(out)
    out.name = "更正.xlsx"
    answer = client.post(url("replace", run), {"version": run.version, "file": out_file(out)})
    assert answer.status_code == 302
    run = worked(ImportRun.objects.get())
    assert (run.state, run.version, run.new_rows) == (ImportState.CHECKED, 3, 2)


def out_file(out: io.BytesIO) -> Any:
    return file_of(out.getvalue(), "更正.xlsx")


def test_the_dry_run_says_how_many_and_whose_grade_moves(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1), penalty(2)])
    shown = text_of(signed_in(recorder).get(url("run", run)))
    assert "2行新增，2个监管对象等级变化" in shown
    assert "舞钢市样例第1有限公司新登记" in shown
    assert "未定级变为B一般失信" in shown


def test_submitted_and_confirmed_by_the_second_person(recorder: Officer, reviewer: Officer) -> None:
    run = checked(recorder, [penalty(1)])
    own, second = signed_in(recorder), signed_in(reviewer)
    answer = post(own, "submit", run)
    assert "没有勾选真实性声明" in text_of(answer)
    answer = own.post(
        url("submit", run), {"version": run.version, "truth_stated": "on"}, follow=True
    )
    assert f"由治安管理大队{reviewer.name}审核" in text_of(answer)
    assert post(own, "decide", run, verdict="agree", compared="on").status_code == 403
    assert "没有勾选" in text_of(post(second, "decide", run, verdict="agree")).replace(
        "未勾选不能同意", "没有勾选"
    )
    assert post(second, "decide", run, verdict="agree", compared="on").status_code == 302
    assert worked(run).state == ImportState.DONE
    assert Decision.objects.get().confirmed_by == reviewer


def test_a_stale_answer_of_the_second_person_is_a_conflict(
    recorder: Officer, reviewer: Officer
) -> None:
    run = submitted(recorder, [penalty(1)])
    data = {"version": run.version + 1, "verdict": "agree", "compared": "on"}
    answer = signed_in(reviewer).post(url("decide", run), data)
    assert answer.status_code == 409
    assert "已有改动" in text_of(answer)


def test_a_returned_sheet_says_why_and_what_was_typed_stays(
    recorder: Officer, reviewer: Officer
) -> None:
    run = submitted(recorder, [penalty(1)])
    second = signed_in(reviewer)
    answer = post(second, "decide", run, verdict="return", remark="不对")
    assert "至少5字" in text_of(answer)
    assert ">不对</textarea>" in answer.content.decode()
    post(second, "decide", run, verdict="return", remark="第 2 行金额与决定书不符。")
    shown = text_of(signed_in(recorder).get(url("run", run)))
    assert "审核人退回：第2行金额与决定书不符。" in shown
    assert "退回更正" in text_of(signed_in(recorder).get(reverse("desk:workbench")))


def test_the_workbench_shows_what_waits(recorder: Officer, reviewer: Officer) -> None:
    submitted(recorder, [penalty(1)])
    checked(recorder, [penalty(2, **BAD_DAY)])
    mine = text_of(signed_in(recorder).get(reverse("desk:workbench")))
    theirs = text_of(signed_in(reviewer).get(reverse("desk:workbench")))
    assert "导入待办理" in mine
    assert "导入待审核" not in mine
    assert "导入待审核" in theirs
    assert "导入待办理" not in theirs


def test_cancelled_in_the_page(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1)])
    answer = signed_in(recorder).post(url("cancel", run), follow=True)
    assert "已取消，没有写入任何一行" in text_of(answer)
    again = signed_in(recorder).post(url("cancel", run))
    assert again.status_code == 409


def test_taken_back_in_the_page(recorder: Officer, reviewer: Officer) -> None:
    run = written(recorder, reviewer, [penalty(1)])
    own, second = signed_in(recorder), signed_in(reviewer)
    assert "至少10字" in text_of(own.post(url("undo", run), {"reason": "错了"}))
    own.post(url("undo", run), {"reason": "整批单位填错，须更正后重新导入"})
    assert "申请撤回" in text_of(second.get(reverse("desk:workbench")))
    assert own.post(url("undo", run), {"verdict": "agree"}).status_code == 403
    assert second.post(url("undo", run), {"verdict": "agree"}).status_code == 302
    assert worked(run).state == ImportState.UNDONE


def test_other_units_get_a_404(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1)])
    client = signed_in(factories.officer(Role.RECORDER, unit=units()["WG-YH"]))
    for name in ("run", "progress", "marked"):
        assert client.get(url(name, run)).status_code == 404
    for name in ("mend", "replace", "submit", "cancel", "undo"):
        assert post(client, name, run).status_code == 404


def test_the_office_chooses_the_unit_and_may_take_over_while_that_is_open(
    recorder: Officer,
) -> None:
    client = signed_in(factories.officer(Role.OFFICE, unit=units()["WG-OFFICE"]))
    assert "接收历史记录" not in text_of(client.get(reverse("desk:imports")))
    OfficeSetting.objects.create(
        key="takeover_until", value="2027-01-01", effective_from=date(2026, 1, 1)
    )
    assert "接收历史记录" in text_of(client.get(reverse("desk:imports")))
    content = [penalty(1, 数据来源单位="")]
    data = {"file": file_of(content), "unit": recorder.unit_id, "takeover": "on"}
    client.post(reverse("desk:imports"), data)
    run = worked(ImportRun.objects.get())
    assert (run.takeover, run.rows_unit) == (True, recorder.unit)
    assert client.post(reverse("desk:imports"), {**data, "unit": "999999"}).status_code == 200


def test_a_recorder_cannot_take_over_nor_name_another_unit(recorder: Officer) -> None:
    OfficeSetting.objects.create(
        key="takeover_until", value="2027-01-01", effective_from=date(2026, 1, 1)
    )
    data = {"file": file_of([penalty(1)]), "unit": units()["WG-YH"].pk, "takeover": "on"}
    signed_in(recorder).post(reverse("desk:imports"), data)
    run = ImportRun.objects.get()
    assert (run.takeover, run.default_unit) == (False, recorder.unit)


def test_a_decision_says_from_which_sheet_it_came(recorder: Officer, reviewer: Officer) -> None:
    run = written(recorder, reviewer, [penalty(1)])
    decision = Decision.objects.get()
    shown = text_of(signed_in(recorder).get(reverse("desk:decision", args=[decision.pk])))
    assert f"批量导入第{run.pk}批" in shown
