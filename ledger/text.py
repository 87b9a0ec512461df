"""Words and figures as people read them: two languages, amounts in đồng."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from fractions import Fraction

Language = Literal["vi", "en"]

MINUS = "−"
# Control characters (new lines too) and marks that turn the direction of writing.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")

# Excel keeps fifteen digits; a larger amount of VND could not be reported exactly.
LARGEST_AMOUNT: Final = 10**15 - 1


class Text(NamedTuple):
    """A label or message in Vietnamese, which comes first, and in English."""

    vi: str
    en: str

    def to(self, language: Language) -> str:
        """The wording in one language."""
        return self.en if language == "en" else self.vi

    def format(self, **values: object) -> Text:
        """Both wordings with their placeholders filled."""
        return Text(self.vi.format(**values), self.en.format(**values))


def composed(value: str) -> str:
    """Text in one spelling: a letter and its mark as one character (NFC), however it was typed."""
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def unaccented(value: str) -> str:
    """Text in small letters without accents, as it is typed without a Vietnamese keyboard."""
    letters = unicodedata.normalize("NFD", value.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def printable(value: str) -> str:
    """Text safe to print on one line: control and direction characters become visible escapes."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", value)


def lines_of(text: str) -> list[str]:
    """The lines of a book as Beancount counts them: no other mark than a new line parts them."""
    lines = text.split("\n")
    return lines[:-1] if not lines[-1] else lines


def joined(texts: Iterable[Text], separator: str = ", ") -> Text:
    """Several wordings as one, parted by commas unless said."""
    texts = tuple(texts)
    return Text(separator.join(one.vi for one in texts), separator.join(one.en for one in texts))


def dong(amount: int, language: Language = "vi") -> str:
    """An amount in VND with its thousands parted: ``1.500.000``, in English ``1,500,000``."""
    digits = f"{abs(amount):,}"
    if language == "vi":
        digits = digits.replace(",", ".")
    return f"{MINUS}{digits}" if amount < 0 else digits


_TYPED: Final = re.compile(
    r"(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+)(?:\s*(?:đồng|đ|VND))?", re.IGNORECASE
)


def read_dong(typed: str) -> int | None:
    """An amount in VND as people type it, with «đồng» behind it or without.

    ``1500000``, ``1.500.000`` or ``1,500,000``; None where it is none, or has more than fifteen
    digits.
    """
    match = _TYPED.fullmatch(typed.strip())
    amount = int(re.sub(r"\D", "", match[1])) if match else None
    return amount if amount is not None and amount <= LARGEST_AMOUNT else None


def day_name(day: dt.date) -> Text:
    """A day as people read it: ``31/01/2021``, in English ``2021-01-31``."""
    return Text(f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}")


def percent(share: Fraction, language: Language = "vi") -> str:
    """A share in percent, exact to two decimals: ``70%``, ``66,67%``, in English ``66.67%``."""
    whole, rest = divmod(round(share * 10_000), 100)
    mark = "," if language == "vi" else "."
    return f"{whole}{mark}{rest:02d}".rstrip("0").rstrip(mark) + "%"


def split_list(joined: str) -> list[str]:
    """The items of a list that metadata holds as one string, parted by semicolons."""
    if ";" not in joined:  # nearly always, and asked of every invoice of a book
        item = joined.strip()
        return [item] if item else []
    return [item for item in (part.strip() for part in joined.split(";")) if item]
