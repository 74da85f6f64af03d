"""The models of this app; each stands in the module of its topic."""

from sanctions.inspection_models import Inspection, OfficerInterest
from sanctions.inspection_plan_models import InspectionPlan, PoolInspector, PoolMember

__all__ = ["Inspection", "InspectionPlan", "OfficerInterest", "PoolInspector", "PoolMember"]
