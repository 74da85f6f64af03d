"""The address under which an encrypted field is opened."""

from django.urls import path

from desk.reveal import page

urlpatterns = [path("<str:what>/<int:pk>/", page.reveal, name="reveal")]
