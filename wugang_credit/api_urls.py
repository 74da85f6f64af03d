"""Every address of the API; ``tests/api/test_api_permissions.py`` tries them all."""

from django.urls import path, re_path

from accounts import api_docs
from core.api.views import NoSuchCall
from grading import api as grading
from sanctions import measure_api as measures
from violations import api as violations
from violations import outcomes_api as outcomes

app_name = "api"

urlpatterns = [
    path("schema/", api_docs.SchemaView.as_view(), name="schema"),
    path("docs/", api_docs.DocsView.as_view(), name="docs"),
    path("v1/decisions/", violations.DecisionsView.as_view(), name="decisions"),
    path("v1/decisions/<int:pk>/", violations.DecisionView.as_view(), name="decision"),
    path("v1/decisions/<int:pk>/contest/", outcomes.ContestView.as_view(), name="contest"),
    path("v1/violations/<int:pk>/revoke/", outcomes.RevokeView.as_view(), name="revoke"),
    path("v1/violations/<int:pk>/repair/", outcomes.RepairView.as_view(), name="repair"),
    path("v1/list-entries/", outcomes.ListEntriesView.as_view(), name="list-entries"),
    path("v1/subjects/<str:credit_code>/", grading.SubjectView.as_view(), name="subject"),
    path("v1/subjects/<str:credit_code>/grade/", grading.GradeView.as_view(), name="grade"),
    path("v1/subjects/<str:credit_code>/preview/", grading.PreviewView.as_view(), name="preview"),
    path("v1/desk/", measures.DeskView.as_view(), name="desk"),
    path("v1/grade-changes/", grading.GradeChangesView.as_view(), name="grade-changes"),
    re_path(r"^[\s\S]*$", NoSuchCall.as_view(), name="no-such-call"),
]
