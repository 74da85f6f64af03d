from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "appeals"
    verbose_name = "异议与信用修复"

    def ready(self) -> None:
        from appeals import objection_decisions, objection_receivers, repair_deciding
        from violations.outcome_basis import vouch
        from violations.signals import outcome_decided

        vouch("objection", objection_decisions.vouches)
        outcome_decided.connect(
            objection_receivers.close_overtaken, dispatch_uid="objection-overtaken"
        )
        vouch("repair", repair_deciding.vouches)
        outcome_decided.connect(repair_deciding.close_overtaken, dispatch_uid="repair-overtaken")
