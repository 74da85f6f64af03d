"""What an entry form sends: a right penalty with two acts, to be bent by the tests."""

from __future__ import annotations

from tests import factories

HEAD = {
    "subject_name": "舞钢市样例云栖宾馆有限公司",
    "subject_industry": "hotel",
    "number": "舞公（治）行罚决字[2026]0341号",
    "procedure": "ordinary",
    "decided_on": "2026/11/20",
    "served_on": "",
    "handler": "王五",
    "truth_stated": "on",
}
ACTS = {
    "v-0-type": "未按规定登记住宿旅客信息",
    "v-0-field": "public_order",
    "v-0-facts": "检查发现未登记两名旅客。",
    "v-0-law": "治安管理处罚法",
    "v-0-article": "第五十六条",
    "v-0-committed_on": "2026-11-01",
    "v-0-d-0-kind": "fine",
    "v-0-d-0-amount": "1,000",
    "v-0-d-1-kind": "warning",
    "v-1-type": "未落实网络安全等级保护制度",
    "v-1-field": "cyber_security",
    "v-1-facts": "未定级备案。",
    "v-1-law": "网络安全法",
    "v-1-article": "第五十九条",
    "v-1-committed_on": "2026-11-02",
    "v-1-d-0-kind": "order_to_correct",
}


def penalty(**changes: str) -> dict[str, str]:
    """The whole form; names in ``changes`` are written with ``__`` for ``-``."""
    post = {"credit_code": factories.credit_code(7), **HEAD, **ACTS, "do": "check"}
    return post | {name.replace("__", "-"): value for name, value in changes.items()}


def without_dispositions(**changes: str) -> dict[str, str]:
    """The form of an order or a breach: one act, no dispositions."""
    post = {
        name: value for name, value in penalty().items() if not name.startswith(("v-1", "v-0-d"))
    }
    return post | {name.replace("__", "-"): value for name, value in changes.items()}
