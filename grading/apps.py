from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "grading"
    verbose_name = "等级评定"

    def ready(self) -> None:
        from grading import facts, preview_many, receivers
        from violations import import_effects, known_laws

        receivers.connect()
        known_laws.ask(facts.laws_named_today)
        import_effects.ask(preview_many.effects_of)
