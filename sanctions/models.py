"""The models of this app; each stands in the module of its topic."""

from sanctions.inspection_models import Inspection, OfficerInterest
from sanctions.inspection_plan_models import InspectionPlan, PoolInspector, PoolMember
from sanctions.notice_files import NoticeFile
from sanctions.notice_models import Notice, NoticeAttempt, NoticeCause
from sanctions.paper_batch_models import PaperBatch, PaperBatchItem
from sanctions.paper_models import Paper, PaperCounter
from sanctions.paper_service_models import ServiceAttempt
from sanctions.paper_text_models import PaperText

__all__ = [
    "Inspection",
    "InspectionPlan",
    "Notice",
    "NoticeAttempt",
    "NoticeCause",
    "NoticeFile",
    "OfficerInterest",
    "Paper",
    "PaperBatch",
    "PaperBatchItem",
    "PaperCounter",
    "PaperText",
    "PoolInspector",
    "PoolMember",
    "ServiceAttempt",
]

from sanctions.measure_handling_models import Handling, Improvement, ImprovementStep
from sanctions.measure_models import Measure, SubjectMeasure

__all__ += ["Handling", "Improvement", "ImprovementStep", "Measure", "SubjectMeasure"]
