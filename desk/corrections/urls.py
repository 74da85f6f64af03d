"""Addresses of corrections."""

from django.urls import URLPattern, path

from desk.corrections import decide, merge, pages, propose

urlpatterns: list[URLPattern] = [
    path("", pages.listing, name="corrections"),
    path("<int:pk>/", pages.show, name="correction"),
    path("<int:pk>/agree/", decide.agree, name="correction-agree"),
    path("<int:pk>/refuse/", decide.refuse, name="correction-refuse"),
    path("<int:pk>/withdraw/", decide.withdraw, name="correction-withdraw"),
    path("<int:pk>/undo/", decide.undo, name="correction-undo"),
    path("decisions/<int:pk>/", propose.decision, name="correct-decision"),
    path("decisions/<int:pk>/record/", pages.record, name="correction-record"),
    path("list-entries/<int:pk>/", propose.list_entry, name="correct-list-entry"),
    path("factors/<int:pk>/", propose.factor, name="correct-factor"),
    path("subjects/<int:pk>/", propose.subject, name="correct-subject"),
    path("subjects/<int:pk>/merge/", merge.merge, name="merge"),
    path("subjects/<int:pk>/unmerge/", merge.unmerge, name="unmerge"),
]
