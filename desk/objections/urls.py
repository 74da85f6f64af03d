"""Addresses of objections."""

from django.urls import URLPattern, path

from desk.objections import acts, case, decide, files, index, new, papers, propose

urlpatterns: list[URLPattern] = [
    path("", index.show, name="objections"),
    path("new/", new.show, name="objection-new"),
    path("<int:pk>/", case.show, name="objection"),
    path("<int:pk>/act/<slug:step>/", acts.act, name="objection-act"),
    path("<int:pk>/state/", acts.state, name="objection-state"),
    path("<int:pk>/propose/", propose.show, name="objection-propose"),
    path("<int:pk>/decide/", decide.show, name="objection-decide"),
    path("<int:pk>/files/", files.add, name="objection-file-add"),
    path("<int:pk>/papers/<slug:kind>/", papers.show, name="objection-paper"),
    path("<int:pk>/papers/<slug:kind>/issue/", papers.issue_one, name="objection-issue"),
    path("files/<int:pk>/", files.download, name="objection-file"),
]
