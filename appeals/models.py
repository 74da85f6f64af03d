"""The models of this app; each stands in the module of its topic."""

from appeals.case_numbers import CaseCounter
from appeals.objection_models import Objection, ObjectionClaim
from appeals.objection_parts import (
    ObjectionFile,
    ObjectionMark,
    ObjectionPause,
    ObjectionStatement,
)
from appeals.repair_models import Repair, RepairItem, RepairPause
from appeals.repair_parts import RepairFile, RepairMark

__all__ = [
    "CaseCounter",
    "Objection",
    "ObjectionClaim",
    "ObjectionFile",
    "ObjectionMark",
    "ObjectionPause",
    "ObjectionStatement",
    "Repair",
    "RepairFile",
    "RepairItem",
    "RepairMark",
    "RepairPause",
]
