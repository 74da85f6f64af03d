"""The choices of the register of organisations."""

from django.db import models


class SubjectKind(models.TextChoices):
    """What kind of organisation it is, read from the first two characters of its code."""

    INSTITUTION = "institution", "事业单位"
    SOCIAL = "social", "社会组织"
    COMPANY = "company", "企业"
    BUSINESS = "business", "个体工商户"
    COOPERATIVE = "cooperative", "农民专业合作社"
    COLLECTIVE = "collective", "农村集体经济组织"
    OTHER = "other", "其他组织"


class RegistryStatus(models.TextChoices):
    ACTIVE = "active", "存续"
    SUSPENDED = "suspended", "歇业"
    REVOKED = "revoked", "吊销"
    CANCELLED = "cancelled", "注销"


class Industry(models.TextChoices):
    """Lines of business; the first group are special industries (特种行业) under police licence."""

    HOTEL = "hotel", "旅馆业"
    PAWN = "pawn", "典当业"
    SEAL = "seal", "公章刻制业"
    SECOND_HAND = "second_hand", "废旧物品收购"
    CAR_REPAIR = "car_repair", "机动车维修与拆解"
    LOCKSMITH = "locksmith", "开锁业"
    SECURITY = "security", "保安服务"
    ENTERTAINMENT = "entertainment", "娱乐场所"
    INTERNET_CAFE = "internet_cafe", "互联网上网服务"
    EXPLOSIVES = "explosives", "民用爆炸物品与烟花爆竹"
    CHEMICALS = "chemicals", "易制毒与危险化学品"
    TRANSPORT = "transport", "道路运输"
    NETWORK = "network", "网络与信息服务"
    EDUCATION = "education", "教育培训"
    FINANCE = "finance", "金融与押运"
    OTHER = "other", "其他行业"


# Under police licence or named a special industry by law or by the province's list: full coverage
# in inspections, and 4-C-5 restricts new applications.
SPECIAL_INDUSTRIES = frozenset(
    {
        Industry.HOTEL,
        Industry.PAWN,
        Industry.SEAL,
        Industry.SECOND_HAND,
        Industry.CAR_REPAIR,
        Industry.LOCKSMITH,
        Industry.SECURITY,
        Industry.ENTERTAINMENT,
        Industry.INTERNET_CAFE,
        Industry.EXPLOSIVES,
        Industry.CHEMICALS,
    }
)
