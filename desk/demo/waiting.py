"""Decisions on their way, so that the workbench of a new demonstration is not empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Officer
from desk.demo.people import (
    RECORDER,
    REVIEWER,
    STATION_RECORDER,
    STATION_REVIEWER,
)
from subjects.models import Subject
from violations.inputs import DecisionInput, DispositionInput, ViolationInput
from violations.models import Decision
from violations.services import record_decision, return_decision

REMARK = "违法事实写得过于简略，请写明检查时间、地点和发现的情况，再提交。"


def make_waiting(subject_ids: Sequence[int], *, day: date) -> None:
    """Four decisions wait for 410002 and two for 410011; one came back to 410001, one to 410008."""
    if not subject_ids:
        return
    officers = {one.number: one for one in Officer.objects.all()}
    subjects = [Subject.objects.get(pk=subject_ids[at % len(subject_ids)]) for at in range(8)]
    for at, subject in enumerate(subjects):
        at_station = at in (4, 5, 7)
        recorder = officers[STATION_RECORDER if at_station else RECORDER]
        decision = _submitted(recorder, subject, at, day)
        if at >= 6:
            reviewer = officers[STATION_REVIEWER if at_station else REVIEWER]
            return_decision(
                officer=reviewer, decision_id=decision.pk, version=decision.version, remark=REMARK
            )


def _submitted(recorder: Officer, subject: Subject, at: int, day: date) -> Decision:
    decided_on = day - timedelta(days=at % 3)
    mark = "垭" if recorder.number == STATION_RECORDER else "治"
    treatments = [DispositionInput("warning")]
    if at % 2 == 0:
        treatments.append(DispositionInput("fine", Decimal("12000.00")))
    act = ViolationInput(
        field="public_order",
        type="保安从业单位未按规定备案、留存资料",
        facts=f"{decided_on - timedelta(days=9)} 检查发现，{subject.name}未按规定留存值班记录。",
        law="保安服务管理条例",
        article="第四十二条",
        committed_on=decided_on - timedelta(days=9),
        dispositions=tuple(treatments),
    )
    return record_decision(
        officer=recorder,
        data=DecisionInput(
            unit_code=recorder.unit.code,
            number=f"舞公（{mark}）行罚决字〔{decided_on.year}〕{9001 + at}号",
            kind="penalty",
            credit_code=subject.credit_code,
            subject_name=subject.name,
            decided_on=decided_on,
            violations=(act,),
            handler=recorder.name,
            truth_stated=True,
        ),
        submit=True,
    )
