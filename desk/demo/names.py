"""Made-up organisations: codes that are right in form only, and names that say so (样例)."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from subjects.credit_codes import ALPHABET, check_character
from subjects.enums import Industry

_PLACES = (
    *("龙泉", "龙凤", "石漫", "支鼓", "二郎", "九头", "水灯", "香山", "灯台", "楚风"),
    *("星途", "远帆", "恒驰", "鸿运", "瑞祥", "德胜", "和顺", "广源", "天成", "众诚"),
    *("蓝海", "云栖", "晨曦", "安澜", "金叶", "北斗", "新纪元", "钢城", "乐游"),
)
_SERIES = ("", "东", "西", "新", "一", "二", "三")
# Beyond the first few hundred, names of four characters as businesses have them: any two of them
# stand side by side in a few names of ten thousand.
_LUCKY = (
    "云栖瑞丰恒泰鑫源宏图嘉禾金玉满堂锦绣春晖明德仁和天地东方永兴隆昌顺达富康福寿安宁"
    "信义诚正光辉腾飞龙凤祥利民华美佳邦国庆松柏青山绿海晨星银河新程"
)
_STRIDE = 700_001  # shares no factor with the number of such names
_LETTERS = ALPHABET[10:]
_STEP = 5_900_011  # shares no factor with the number of bodies, so that no two codes are the same
_BODIES = len(ALPHABET) ** 5


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: register, what its names end with, and the laws it tends to break."""

    register: str
    ending: str
    industry: Industry
    acts: tuple[int, ...]
    weight: int = 2


@dataclass(frozen=True, slots=True)
class Act:
    """A type of act from the office's catalogue, with its law, article and field."""

    type: str
    law: str
    article: str
    field: str


ACTS = (
    Act("未经许可开办旅馆", "旅馆业治安管理办法", "第十五条", "public_order"),
    Act("保安从业单位未按规定备案、留存资料", "保安服务管理条例", "第四十二条", "public_order"),
    Act("保安从业单位违规提供服务", "保安服务管理条例", "第四十三条", "public_order"),
    Act("娱乐场所未按规定备案", "娱乐场所管理条例", "第四十七条", "public_order"),
    Act("娱乐场所设施、安保、记录不符合规定", "娱乐场所管理条例", "第四十四条", "public_order"),
    Act(
        "单位内部存在治安隐患逾期不整改",
        "企业事业单位内部治安保卫条例",
        "第十九条",
        "public_order",
    ),
    Act("违反规定经由道路运输烟花爆竹", "烟花爆竹安全管理条例", "第四十条", "public_order"),
    Act("不履行网络安全保护义务", "网络安全法", "第五十九条", "cyber_security"),
    Act("侵害个人信息依法得到保护的权利", "网络安全法", "第六十四条", "cyber_security"),
    Act(
        "上网服务营业场所不履行安全管理职责",
        "互联网上网服务营业场所管理条例",
        "第三十三条",
        "cyber_security",
    ),
    Act("违反易制毒化学品购销管理规定", "易制毒化学品管理条例", "第四十条", "drug_control"),
    Act("公路客运、货运车辆超员超载", "道路交通安全法", "第九十二条", "traffic"),
    Act("专业运输单位未消除安全隐患", "道路交通安全法", "第一百零二条", "traffic"),
)
SEALED_ACT = Act("旅馆业不按规定登记住宿人员信息", "治安管理处罚法", "", "public_order")

TRADES = (
    Trade("91", "宾馆有限公司", Industry.HOTEL, (0, 5), 5),
    Trade("92", "旅馆", Industry.HOTEL, (0,), 3),
    Trade("91", "保安服务有限公司", Industry.SECURITY, (1, 2), 3),
    Trade("91", "娱乐有限公司", Industry.ENTERTAINMENT, (3, 4), 4),
    Trade("92", "网吧", Industry.INTERNET_CAFE, (9,), 4),
    Trade("91", "典当有限公司", Industry.PAWN, (5,), 1),
    Trade("92", "印章刻制中心", Industry.SEAL, (5,), 1),
    Trade("92", "废旧物资回收站", Industry.SECOND_HAND, (5,)),
    Trade("91", "汽车维修有限公司", Industry.CAR_REPAIR, (5,)),
    Trade("91", "烟花爆竹专营有限公司", Industry.EXPLOSIVES, (6,), 1),
    Trade("91", "化工有限公司", Industry.CHEMICALS, (10, 5)),
    Trade("91", "物流有限公司", Industry.TRANSPORT, (11, 12), 4),
    Trade("91", "网络科技有限公司", Industry.NETWORK, (7, 8), 3),
    Trade("52", "职业培训学校", Industry.EDUCATION, (5, 7)),
    Trade("51", "行业协会", Industry.OTHER, (7,), 1),
    Trade("93", "农机服务专业合作社", Industry.OTHER, (11,), 1),
    Trade("12", "文化活动中心", Industry.OTHER, (5, 7), 1),
    Trade("91", "商贸有限公司", Industry.OTHER, (5, 7), 6),
)
_WEIGHTS = [trade.weight for trade in TRADES]


def a_trade(chance: Random) -> Trade:
    return chance.choices(TRADES, _WEIGHTS)[0]


def credit_code(register: str, number: int) -> str:
    """A right code of the district 410481; another one for each ``number`` below 28 million.

    Begins its body with letters, so that it can never look like a person's number.
    """
    rest = (number * _STEP + 17) % _BODIES
    body = ""
    for _ in range(5):
        rest, digit = divmod(rest, len(ALPHABET))
        body = ALPHABET[digit] + body
    front = "YL" + _LETTERS[number % len(_LETTERS)] + _LETTERS[(number // 21) % len(_LETTERS)]
    first = f"{register}410481{front}{body}"
    return first + check_character(first)


def name_of(trade: Trade, number: int) -> str:
    """A name for the ``number``-th organisation; no two organisations have the same."""
    place = _PLACES[number % len(_PLACES)]
    series = _SERIES[number // len(_PLACES) % len(_SERIES)]
    if number >= len(_PLACES) * len(_SERIES):
        return f"舞钢市样例{_lucky_name(number)}{trade.ending}"
    return f"舞钢市样例{place}{series}{trade.ending}"


def _lucky_name(number: int) -> str:
    """Four characters, others for each ``number`` below 25 million."""
    rest, name = number * _STRIDE % len(_LUCKY) ** 4, ""
    for _ in range(4):
        rest, at = divmod(rest, len(_LUCKY))
        name += _LUCKY[at]
    return name
