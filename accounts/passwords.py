"""What a password must be, in Chinese with how to mend it (some of Django's words are English)."""

from __future__ import annotations

from django.contrib.auth import password_validation as rules


class Length(rules.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"密码太短：至少 {self.min_length} 个字符。请加长，比如用几个不相干的词连起来。"


class NotCommon(rules.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "这个密码太常见，容易被猜到。请换一个。"


class NotOnlyDigits(rules.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return "密码不能全是数字。请加入字母或其他字符。"


class NotLikeOneself(rules.UserAttributeSimilarityValidator):
    """Not the police number or the name, nor nearly so (``user_attributes`` in settings)."""

    def get_error_message(self) -> str:
        return "密码与%(verbose_name)s太接近，容易被猜到。请换一个。"
