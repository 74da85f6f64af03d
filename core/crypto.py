"""Encryption of single fields about people: SM4-GCM, with key ids (reliability.md, 个保法 art. 51).

A stored value reads ``<key id>:<base64 of nonce, tag and cipher text>``. Its associated data are
table and column, so that a value moved elsewhere does not open. The first key of ``FIELD_KEYS``
writes; every key there still reads, which is how keys are changed.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

NONCE_BYTES, TAG_BYTES = 12, 16


class UndecryptableError(ValueError):
    """The value was altered, belongs to another column, or its key is not in ``FIELD_KEYS``."""


def encrypt(plain: str, *, place: str) -> str:
    """``plain`` for the column ``place`` ("table.column"), with a nonce of its own each time."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(_key(key)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place.encode())
    body = encryptor.update(plain.encode()) + encryptor.finalize()
    return f"{key_id}:{base64.b64encode(nonce + encryptor.tag + body).decode()}"


def decrypt(stored: str, *, place: str) -> str:
    """What ``encrypt`` was given. Raises UndecryptableError."""
    key_id, _, packed = stored.partition(":")
    try:
        key = settings.FIELD_KEYS[key_id]
        raw = base64.b64decode(packed, validate=True)
        nonce, tag = raw[:NONCE_BYTES], raw[NONCE_BYTES : NONCE_BYTES + TAG_BYTES]
        decryptor = Cipher(algorithms.SM4(_key(key)), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(place.encode())
        return (decryptor.update(raw[NONCE_BYTES + TAG_BYTES :]) + decryptor.finalize()).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise UndecryptableError(f"{place}: key {key_id!r} does not open the value") from error


def masked(plain: str) -> str:
    """A phone or identity number as screens show it: its ends alone."""
    if len(plain) < 7:
        return "*" * len(plain)
    return f"{plain[:3]}{'*' * (len(plain) - 7)}{plain[-4:]}"


def _key(secret: str) -> bytes:
    """SM4 takes 128 bits: those that the secret's digest begins with."""
    return hashlib.sha256(b"field key " + secret.encode()).digest()[:16]
