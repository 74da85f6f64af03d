"""Addresses of the pages of credit repair."""

from django.urls import URLPattern, path

from desk.repairs import acts, eligible, files, index, receive

urlpatterns: list[URLPattern] = [
    path("", index.show, name="repairs"),
    path("eligible/", eligible.show, name="repair-eligible"),
    path("eligible/invite/", eligible.invite, name="repair-invite"),
    path("subjects/<int:pk>/new/", receive.new, name="repair-new"),
    path("<int:pk>/", acts.show, name="repair"),
    path("<int:pk>/act/", acts.act, name="repair-act"),
    path("<int:pk>/receipt/", acts.receipt, name="repair-receipt"),
    path("<int:pk>/statement/", acts.statement, name="repair-statement"),
    path("<int:pk>/verdict/", acts.verdict, name="repair-verdict"),
    path("<int:pk>/files/", files.add, name="repair-file-add"),
    path("files/<int:pk>/", files.download, name="repair-file"),
]
