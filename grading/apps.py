from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "grading"
    verbose_name = "等级评定"

    def ready(self) -> None:
        from grading import receivers

        receivers.connect()
