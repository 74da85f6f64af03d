from django.apps import AppConfig


class SanctionsConfig(AppConfig):
    name = "sanctions"
    verbose_name = "监管措施与告知"

    def ready(self) -> None:
        from sanctions import measure_receivers

        measure_receivers.connect()
