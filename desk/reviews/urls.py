"""Addresses of the reviews."""

from django.urls import URLPattern, path

from desk.reviews import acts, index, statements

urlpatterns: list[URLPattern] = [
    path("", index.show, name="reviews"),
    path("<int:pk>/", acts.show, name="review"),
    path("<int:pk>/act/<slug:step>/", acts.act, name="review-act"),
    path("<int:pk>/verdict/<slug:step>/", acts.verdict, name="review-verdict"),
    path("<int:pk>/letter/", acts.letter, name="review-letter"),
    path("statements/<int:pk>/", statements.show, name="review-statement"),
]
