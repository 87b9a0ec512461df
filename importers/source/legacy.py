"""Text in the fonts of before Unicode, TCVN3 (ABC) and VNI, turned into Unicode.

Such text is stored as ordinary Latin letters and only its font shows it as Vietnamese. Letters
alone cannot tell it from good text (á, ê, ô are letters in both), so it is converted where the
font says so, or where only the conversion yields the words that a table must have.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from ledger.text import Text, joined


class Legacy(StrEnum):
    """An encoding of before Unicode; the value is its name in use."""

    TCVN3 = "TCVN3 (ABC)"
    VNI = "VNI"


_TCVN3_PAIRS: Final = (
    "¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ ¨ă ©â ªê «ô ¬ơ \u00adư ®đ "
    "µà ¸á ¶ả ·ã ¹ạ »ằ ¾ắ ¼ẳ ½ẵ Æặ Çầ Êấ Èẩ Éẫ Ëậ "
    "Ìè Ðé Îẻ Ïẽ Ñẹ Òề Õế Óể Ôễ Öệ ×ì Ýí Øỉ Üĩ Þị "
    "ßò ãó áỏ âõ äọ åồ èố æổ çỗ éộ êờ íớ ëở ìỡ îợ "
    "ïù óú ñủ òũ ôụ õừ øứ öử ÷ữ ùự úỳ ýý ûỷ üỹ þỵ"
)
_TCVN3: Final = str.maketrans({pair[0]: pair[1] for pair in _TCVN3_PAIRS.split()})

# Which letter a base and the mark after it make. Rows: the mark as typed after a plain vowel,
# then after a vowel with a circumflex or breve.
_TONES: Final = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX: Final = {
    "â": "\u0302",
    "à": "\u0302\u0300",
    "á": "\u0302\u0301",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_BREVE: Final = {
    "ê": "\u0306",
    "è": "\u0306\u0300",
    "é": "\u0306\u0301",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_ALONE: Final = {
    "ô": "ơ", "ö": "ư", "ñ": "đ", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
}  # fmt: skip


def _vni_table() -> dict[str, str]:
    import unicodedata  # noqa: PLC0415  # used once

    table = dict(_ALONE)
    for base, vowel in {
        "a": "a",
        "e": "e",
        "o": "o",
        "u": "u",
        "y": "y",
        "ô": "ơ",
        "ö": "ư",
    }.items():
        for mark, tone in _TONES.items():
            table[base + mark] = unicodedata.normalize("NFC", vowel + tone)
    for base in "aeo":
        for mark, tones in _CIRCUMFLEX.items():
            table[base + mark] = unicodedata.normalize("NFC", base + tones)
    for mark, tones in _BREVE.items():
        table["a" + mark] = unicodedata.normalize("NFC", "a" + tones)
    upper = {pair.upper(): letter.upper() for pair, letter in table.items()}
    mixed = {
        pair[0].upper() + pair[1:]: letter.upper()
        for pair, letter in table.items()
        if len(pair) > 1
    }
    return {**mixed, **upper, **table}


_VNI: Final = _vni_table()
_VNI_PATTERN: Final = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_TCVN3_FONT: Final = re.compile(r"^\s*\.Vn\w", re.IGNORECASE)
_VNI_FONT: Final = re.compile(r"^\s*VNI[-\s]", re.IGNORECASE)
# Letters that stand inside words in TCVN3 and in no Vietnamese word of Unicode.
_TCVN3_SIGNS: Final = re.compile(r"\w[µ¸¶·¹»¾¼½®¨©ª«¬\u00ad§]|[µ¸¶·¹»¾¼½®¨©ª«¬\u00ad§]\w")


def font_encoding(font: str) -> Legacy | None:
    """The encoding that a font's name stands for; None for an ordinary font."""
    if _TCVN3_FONT.match(font):
        return Legacy.TCVN3
    return Legacy.VNI if _VNI_FONT.match(font) else None


def from_legacy(text: str, encoding: Legacy, font: str = "") -> str:
    """Text of an old font in Unicode.

    Args:
        text: as a program without the font shows it.
        encoding: what the font stands for.
        font: its name; TCVN3 has no accented capitals of its own, an ``H`` font draws them.
    """
    if encoding is Legacy.VNI:
        return _VNI_PATTERN.sub(lambda found: _VNI[found.group()], text)
    turned = text.translate(_TCVN3)
    return turned.upper() if font.rstrip().endswith("H") else turned


def looks_like_tcvn3(text: str) -> bool:
    """Whether text carries signs of TCVN3 inside its words."""
    return bool(_TCVN3_SIGNS.search(text))


_LOST: Final = Text(
    "chữ ư mất trong tệp thì không khôi phục được",
    "a letter ư that the file lost cannot be restored",
)


def conversion_note(encoding: Legacy, before: str, after: str) -> Text:
    """What a reader is told of a conversion, with one text before and after."""
    told = Text(
        f"chữ {encoding} đã được đổi sang Unicode, ví dụ «{before}» thành «{after}»",
        f"text in {encoding} was turned into Unicode, such as “{before}” into “{after}”",
    )
    return joined((told, _LOST), "; ") if encoding is Legacy.TCVN3 else told
