"""The laws that the catalogue begins with; the office keeps it from here on.

Ranges and kinds as in the articles, to be checked by the bureau's legal office before use.
"""

from django.db import migrations
from django.utils import timezone

# Law, article, its number, type of violation, field, sealed, kinds, fine from and to in yuan.
ROWS = (
    (
        "治安管理处罚法",
        "",
        "",
        "旅馆业不按规定登记住宿人员信息",
        "public_order",
        True,
        "warning fine",
        500,
        5000,
    ),
    (
        "旅馆业治安管理办法",
        "第十五条",
        "15",
        "未经许可开办旅馆",
        "public_order",
        False,
        "warning fine",
        50,
        200,
    ),
    (
        "保安服务管理条例",
        "第四十二条",
        "42",
        "保安从业单位未按规定备案、留存资料",
        "public_order",
        False,
        "warning fine confiscate_gains",
        10000,
        50000,
    ),
    (
        "保安服务管理条例",
        "第四十三条",
        "43",
        "保安从业单位违规管理保安员或违规提供服务",
        "public_order",
        False,
        "fine",
        20000,
        100000,
    ),
    (
        "娱乐场所管理条例",
        "第四十三条",
        "43",
        "娱乐场所实施禁止行为",
        "public_order",
        False,
        "confiscate_gains confiscate_property stop_business",
        None,
        None,
    ),
    (
        "娱乐场所管理条例",
        "第四十四条",
        "44",
        "娱乐场所设施、安保、记录不符合规定",
        "public_order",
        False,
        "warning stop_business",
        None,
        None,
    ),
    (
        "娱乐场所管理条例",
        "第四十七条",
        "47",
        "娱乐场所未按规定备案",
        "public_order",
        False,
        "warning",
        None,
        None,
    ),
    (
        "企业事业单位内部治安保卫条例",
        "第十九条",
        "19",
        "单位内部存在治安隐患逾期不整改",
        "public_order",
        False,
        "warning fine",
        10000,
        100000,
    ),
    (
        "大型群众性活动安全管理条例",
        "第二十条",
        "20",
        "擅自变更大型群众性活动的时间、地点、内容或规模",
        "public_order",
        False,
        "fine confiscate_gains",
        10000,
        50000,
    ),
    (
        "烟花爆竹安全管理条例",
        "第四十条",
        "40",
        "违反规定经由道路运输烟花爆竹",
        "public_order",
        False,
        "fine",
        200,
        2000,
    ),
    (
        "网络安全法",
        "第五十九条",
        "59",
        "不履行网络安全保护义务",
        "cyber_security",
        False,
        "warning fine",
        10000,
        100000,
    ),
    (
        "网络安全法",
        "第六十四条",
        "64",
        "侵害个人信息依法得到保护的权利",
        "cyber_security",
        False,
        "warning confiscate_gains fine",
        10000,
        1000000,
    ),
    (
        "互联网上网服务营业场所管理条例",
        "第三十三条",
        "33",
        "上网服务营业场所不履行安全管理职责",
        "cyber_security",
        False,
        "warning fine stop_business",
        1000,
        15000,
    ),
    (
        "易制毒化学品管理条例",
        "第四十条",
        "40",
        "违反易制毒化学品购销、运输管理规定",
        "drug_control",
        False,
        "warning fine confiscate_property",
        10000,
        50000,
    ),
    (
        "道路交通安全法",
        "第九十二条",
        "92",
        "公路客运、货运车辆超员超载",
        "traffic",
        False,
        "fine",
        200,
        2000,
    ),
    (
        "道路交通安全法",
        "第一百零二条",
        "102",
        "专业运输单位未消除安全隐患",
        "traffic",
        False,
        "criticism restrict_activity",
        None,
        None,
    ),
)
NAMES = (
    "law",
    "article",
    "number",
    "violation_type",
    "field",
    "sealed",
    "kinds",
    "fine_min",
    "fine_max",
)


def fill(apps, schema_editor):
    LawArticle = apps.get_model("violations", "LawArticle")
    History = apps.get_model("violations", "HistoricalLawArticle")
    if LawArticle.objects.exists():  # undone and done again
        return
    for row in ROWS:
        values = dict(zip(NAMES, row, strict=True)) | {"law_key": row[0]}
        made = LawArticle.objects.create(**values)
        History.objects.create(
            id=made.pk,
            **values,
            version=made.version,
            created_at=made.created_at,
            history_date=timezone.now(),
            history_type="+",
            history_change_reason="建库",
        )


class Migration(migrations.Migration):
    dependencies = [("violations", "0005_law_catalogue")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
