"""A text column whose content is encrypted in the database and plain in Python."""

from __future__ import annotations

from typing import Any

from django.db import models

from core.crypto import decrypt, encrypt


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """Encrypts when saved, decrypts when read; an empty text stays empty.

    It can be neither searched nor sorted by, and a model with one leaves it out of its history
    (``HistoricalRecords(excluded_fields=[...])``), of exports and of the audit trail. Screens show
    ``core.crypto.masked``; the whole value only through ``desk.reveal``, with a purpose.
    """

    @property
    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value), place=self._place) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value, place=self._place) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether something stands there can be asked: each cipher text is different."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
