"""The account scheme: a name taken apart is put together again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts import FUNDS, SCHEME, Family, account_name, read_account

WORDS = st.from_regex(r"[A-Z][A-Za-z0-9]{0,8}", fullmatch=True)


@given(
    st.sampled_from([pattern.family for pattern in SCHEME]),
    st.sampled_from(["", "SCT", "TTKC"]),
    WORDS,
    st.sampled_from(sorted(FUNDS)),
    WORDS,
)
def test_what_is_put_together_comes_apart_as_it_was(
    family: Family, unit: str, task: str, fund: str, detail: str
) -> None:
    parts = {"unit": unit, "task": task, "fund": fund, "sub_item": "TM6655", "detail": detail}
    (pattern,) = [one for one in SCHEME if one.family is family]
    account = read_account(account_name(family, **parts))
    assert account.family is family
    own = ("unit", *pattern.parts)
    assert all(getattr(account, part) == parts[part] for part in own)
    assert all(getattr(account, part) == "" for part in parts if part not in own)
