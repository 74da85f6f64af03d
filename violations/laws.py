"""The law an act broke: taken apart into law and article, and normalised to a key.

The rule set says by key whether a law's records are sealed, and a key it does not know counts as
sealed (law.md, "sealed records"). So nothing of what was written may get lost on the way to the
key: what is not understood stays in it as a law of its own, which is unknown and therefore sealed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from violations.numbers import without_blanks

_NUMERAL = r"[0-9〇零一二三四五六七八九十百千两]+"
_BRACKETED = rf"[（(]{_NUMERAL}[）)]"
# 第四十二条之一第一款第（二）项
_ARTICLE = (
    rf"第(?:{_NUMERAL}|{_BRACKETED})[条條款项目](?:之{_NUMERAL})?"
    rf"(?:第?(?:{_NUMERAL}|{_BRACKETED})[款项目])*(?:的?规定)?"
)
_ARTICLES = re.compile(_ARTICLE)
# Applied after NFKC: brackets are half width then.
_EDITION = re.compile(
    r"\((?:\d{4}年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:第?[0-9一二三四五六七八九十]*次)?"
    r"(?:修订|修正|修改|公布|施行)?(?:版|本|文本)?|(?:以下)?简称.*?)\)"
)
_EDITION_AT_END = re.compile(r"\d{4}年?(?:修订|修正|修改)(?:版|本)?$")
_TITLE = re.compile(r"《(.*?)》")
_SEPARATORS = re.compile(r"[、,;|/。:]+")
_CONNECTIVES = re.compile(r"^(?:以及|根据|至|依据|依照|按照|违反|及|和|与|并|的规定|之规定|规定)+")
_TAIL = re.compile(r"(?:以及|及|和|与)$")


def split_basis(text: str) -> tuple[str, str]:
    """A legal basis as one writes it, as (law, article).

    "《保安服务管理条例》第四十二条" gives ("保安服务管理条例", "第四十二条"). With several laws the
    law keeps its title marks ("《甲法》《乙条例》") and the articles stand in the same
    order, divided by "；". Without an article the second part is empty.
    """
    text = text.strip()
    parts = [part for part in re.split(r"(?=《)", text) if part.strip(" 、，,；;和及与")]
    if not parts or "《" not in text:
        found = _ARTICLES.search(text)
        if not found:
            return text, ""
        return text[: found.start()].strip(), text[found.start() :].strip()
    pairs = [_law_and_article(part) for part in parts]
    article = "；".join(article for _, article in pairs if article)
    if len(pairs) == 1:
        return _bare(pairs[0][0]), article
    laws = list(dict.fromkeys(law for law, _ in pairs))
    return (_bare(laws[0]) if len(laws) == 1 else "".join(laws)), article


def _law_and_article(part: str) -> tuple[str, str]:
    found = _ARTICLES.search(part)
    end = found.start() if found else len(part)
    return part[:end].strip(" 、，,；;和及与"), part[end:].strip(" 、，,；;和及与")


def _bare(law: str) -> str:
    """The title without its marks where the text is one title, perhaps with an edition after it."""
    found = re.fullmatch(r"《([^《》]*)》([（(].*[）)])?", law)
    return f"{found[1].strip()}{found[2] or ''}" if found else law


@lru_cache(maxsize=4096)  # a sheet names few laws in many rows
@lru_cache(maxsize=1024)
def law_key(text: str) -> str:
    """The names of all laws in ``text``, normalised, sorted and joined by "|"; empty for none.

    Title marks, articles, blanks, editions such as （2025年修订） and 中华人民共和国 are left out.
    """
    normal = without_blanks(text).replace("〈", "(").replace("〉", ")")
    names = [_name(title) for title in _TITLE.findall(normal)]
    # What stands outside title marks is a law as well: 《甲条例》及乙法.
    for piece in _ARTICLES.split(_EDITION.sub("", _TITLE.sub("|", normal))):
        names.extend(_name(name) for name in _SEPARATORS.split(piece))
    return "|".join(sorted({name for name in names if name}))


def _name(text: str) -> str:
    """One law's name; empty where only connecting words are left."""
    name = re.sub("[《》]|中华人民共和国", "", _EDITION.sub("", text))
    return _TAIL.sub("", _CONNECTIVES.sub("", _EDITION_AT_END.sub("", name)))
