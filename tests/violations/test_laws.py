"""Legal bases: law and article apart, and the key by which a rule set finds a law."""

import pytest

from violations.laws import law_key, split_basis


@pytest.mark.parametrize(
    ("text", "law", "article"),
    [
        ("《保安服务管理条例》第四十二条", "保安服务管理条例", "第四十二条"),
        ("保安服务管理条例第四十二条", "保安服务管理条例", "第四十二条"),
        ("《治安管理处罚法》", "治安管理处罚法", ""),
        ("治安管理处罚法", "治安管理处罚法", ""),
        (
            " 《保安服务管理条例》第四十二条第一款第（二）项、第四十三条 ",
            "保安服务管理条例",
            "第四十二条第一款第（二）项、第四十三条",
        ),
        (
            "《中华人民共和国治安管理处罚法》（2025年修订）第六十条",
            "中华人民共和国治安管理处罚法（2025年修订）",
            "第六十条",
        ),
        (
            "《网络安全法》第五十九条、《娱乐场所管理条例》第四十三条",
            "《网络安全法》《娱乐场所管理条例》",
            "第五十九条；第四十三条",
        ),
        ("《网络安全法》第59条和《网络安全法》第64条", "网络安全法", "第59条；第64条"),
        ("依法处理", "依法处理", ""),
        ("", "", ""),
    ],
)
def test_a_basis_is_split_into_law_and_article(text: str, law: str, article: str) -> None:
    assert split_basis(text) == (law, article)


@pytest.mark.parametrize(
    "text",
    [
        "治安管理处罚法",
        "《治安管理处罚法》",
        "《中华人民共和国治安管理处罚法》",
        "中华人民共和国 治安管理处罚法\u3000",
        "治安管理处罚法（2025年修订）",
        "《治安管理处罚法》(2012修正)",
        "《治安管理处罚法（2025年修订版）》第四十二条第一款、第二款的规定",
        "治安管理处罚法2025年修订",
        "根据《治安管理处罚法》第五条至第七条之规定",
        "《治安管理处罚法",
    ],
)
def test_spellings_of_one_law_have_one_key(text: str) -> None:
    assert law_key(text) == "治安管理处罚法"


@pytest.mark.parametrize(
    "text",
    [
        "《治安管理处罚法》、《保安服务管理条例》",
        "《保安服务管理条例》《治安管理处罚法》",
        "《保安服务管理条例》第一条及治安管理处罚法第二条",
        "保安服务管理条例，治安管理处罚法",
        "治安管理处罚法|保安服务管理条例",
        "《治安管理处罚法》《保安服务管理条例》《治安管理处罚法》",
    ],
)
def test_several_laws_are_sorted_and_joined(text: str) -> None:
    assert law_key(text) == "保安服务管理条例|治安管理处罚法"


def test_a_trial_version_is_part_of_the_name() -> None:
    assert law_key("《样例管理办法（试行）》（2020年修订）") == "样例管理办法(试行)"


def test_a_sealed_law_named_beside_an_open_one_is_never_lost() -> None:
    """What is not understood stays in the key, unknown and therefore sealed."""
    for text in ("《保安服务管理条例》另见治安管理处罚法", "保安服务管理条例并治安管理处罚法"):
        assert "治安管理处罚法" in law_key(text)
        assert law_key(text) != "保安服务管理条例"


def test_no_law_has_no_key() -> None:
    assert law_key(" 《》 第五条") == ""


def test_a_key_of_keys_is_the_key() -> None:
    key = law_key("《甲条例（试行）》《治安管理处罚法》（2025年修订）")
    assert law_key(key) == key
