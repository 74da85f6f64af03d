"""Writes a penalties' sheet of any size: ``python -m benchmarks.sheet OUT.xlsx [ROWS]``.

All organisations are made up; about 1.4 rows stand for one decision and 12 decisions for one
organisation, with the treatments in the proportions of the office's own files.
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

LABELS = [
    "行政相对人名称",
    "行政相对人代码_1(统一社会信用代码)",
    "行政相对人代码_2(工商注册号)",
    "行政相对人代码_3(组织机构代码)",
    "行政相对人代码_4(税务登记号)",
    "行政相对人代码_5(事业单位证书号)",
    "行政相对人代码_6(社会组织登记证号)",
    "法定代表人",
    "法定代表人身份证号",
    "行政处罚决定书文号",
    "违法行为类型",
    "违法事实",
    "处罚依据",
    "处罚类别",
    "处罚内容",
    "罚款金额(万元)",
    "没收违法所得、没收非法财物的金额(万元)",
    "暂扣或吊销证照名称及编号",
    "处罚决定日期",
    "处罚有效期",
    "公示截止期",
    "处罚机关",
    "处罚机关统一社会信用代码",
    "数据来源单位",
    "数据来源单位统一社会信用代码",
    "备注",
]
UNITS = ["治安管理大队", "禁毒大队", "交通警察大队", "网络安全保卫大队", "垭口派出所"]
ACTS = [
    ("保安从业单位未按规定备案、留存资料", "《保安服务管理条例》第四十二条"),
    ("未经许可开办旅馆", "《旅馆业治安管理办法》第十五条"),
    ("不履行网络安全保护义务", "《网络安全法》第五十九条"),
    ("违反易制毒化学品购销、运输管理规定", "《易制毒化学品管理条例》第四十条"),
    ("公路客运、货运车辆超员超载", "《道路交通安全法》第九十二条"),
    ("旅馆业不按规定登记住宿人员信息", "《治安管理处罚法》"),
]
KINDS = [
    ("罚款", 30),
    ("警告", 18),
    ("罚款;警告", 16),
    ("没收违法所得;罚款", 6),
    ("责令停产停业;警告", 4),
    ("没收违法所得;罚款;警告", 3),
]
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(number: int) -> str:
    body = f"91410481{number:09d}"
    total = sum(_ALPHABET.index(char) * pow(3, at, 31) for at, char in enumerate(body))
    return body + _ALPHABET[-total % 31]


def write_sheet(path: Path, rows: int, seed: int = 1, until: date = date(2026, 11, 1)) -> None:
    """Write ``rows`` right rows to ``path``; the same ``seed`` gives the same rows."""
    chance = random.Random(seed)
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("行政处罚-法人")
    sheet.write_row(0, 0, LABELS)
    number, act_of_decision, cells = 0, 0, {}
    names = [kind for kind, _ in KINDS]
    weights = [weight for _, weight in KINDS]
    for row in range(1, rows + 1):
        if row == 1 or chance.random() < 0.7 or act_of_decision > 5:
            number, act_of_decision = number + 1, 0
            subject = chance.randrange(max(1, rows // 17))
            unit = chance.choice(UNITS)
            day = until - timedelta(days=chance.randrange(1500))
            cells = {
                0: f"舞钢市样例第{subject}商贸有限公司",
                1: credit_code(subject),
                7: "张三",
                9: f"舞公（{unit[:2]}）行罚决字〔{day.year}〕{number:06d}号",
                18: day.isoformat(),
                19: "2099-12-31",
                21: "舞钢市公安局",
                23: unit,
            }
        act_of_decision += 1
        type_of_act, law = chance.choice(ACTS)
        kinds = chance.choices(names, weights)[0]
        line = cells | {
            10: type_of_act,
            11: f"经查，{cells[0]}{type_of_act}（事实{act_of_decision}）。",
            12: law,
            13: kinds,
            14: kinds,
            15: f"{chance.randrange(50, 90000) / 10000}" if "罚款" in kinds else "",
            16: f"{chance.randrange(1, 900000) / 1000000:f}" if "没收" in kinds else "",
        }
        for place, value in line.items():
            sheet.write_string(row, place, value)
    book.close()


if __name__ == "__main__":
    write_sheet(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50_000)
