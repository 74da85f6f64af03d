"""Addresses of the list pages."""

from django.urls import URLPattern, path

from desk.lists import acts, conditions, index, propose

urlpatterns: list[URLPattern] = [
    path("", index.show, name="lists"),
    path("new/", propose.new, name="list-new"),
    path("conditions/", conditions.show, name="list-conditions"),
    path("conditions/new/", conditions.keep, name="list-condition-new"),
    path("conditions/<int:pk>/", conditions.keep, name="list-condition"),
    path("<int:pk>/", acts.show, name="list-entry"),
    path("<int:pk>/edit/", propose.edit, name="list-edit"),
    path("<int:pk>/act/<slug:step>/", acts.act, name="list-act"),
    path("<int:pk>/verdict/<slug:step>/", acts.verdict, name="list-verdict"),
]
