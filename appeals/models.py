"""The models of this app; each stands in the module of its topic."""

from appeals.case_numbers import CaseCounter
from appeals.repair_models import Repair, RepairItem, RepairPause

__all__ = ["CaseCounter", "Repair", "RepairItem", "RepairPause"]
