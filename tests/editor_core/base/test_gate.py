"""The gate: what fits comes in, what does not is named, nothing else happens."""

import json
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_core.base.gate import decode_json, decode_json_plainly, fits, fitting, fitting_json, plain


class Point(msgspec.Struct):
    x: Annotated[int, msgspec.Meta(ge=0, le=9)]
    name: Annotated[str, msgspec.Meta(max_length=3)] = "a"
    share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5


def test_wrong_values_get_their_default_and_are_named():
    assert fitting(Point, {"x": 3, "name": "long", "share": float("nan"), "more": 1}) == (
        Point(3),
        ("name", "share"),
    )
    assert fitting(Point, {"x": 3, "share": 1}) == (Point(3, share=1.0), ())
    for values in ({}, {"x": 10}, {"x": 3.0}, {"x": True}, {"x": 10**40}):
        with pytest.raises(ValueError, match="x"):
            fitting(Point, values)


def test_numbers_that_are_none_come_in_as_nothing():
    assert decode_json(b'{"a": [NaN, Infinity, -Infinity, 1e999, 1.5]}') == {
        "a": [None, None, None, None, 1.5]
    }
    assert decode_json("\ufeff[1]".encode()) == [1]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[" * 300 + b"]" * 300, b"1" * 9999]
)
def test_what_is_no_json_is_refused(data: bytes):
    with pytest.raises(ValueError):
        decode_json(data)


@given(
    st.recursive(
        st.none() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_what_is_plain_stays_so(value: object):
    assert plain(plain(value)) == plain(value)
    assert fits(plain(value), object)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_read_quickly_is_what_is_read_plainly(value: object):
    data = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert repr(decode_json(data)) == repr(decode_json_plainly(data))


@pytest.mark.parametrize(
    "data",
    [b"-0", b"1E5", b"5e-324", b"2.5e-400", b"1e999", b"1.7976931348623159e308", b"9007199254740993.0"]
    + [b"18446744073709551616", b"1" * 400, b'{"a":1,"a":2}', b'"\\ud83d\\u0041"', b'"\xed\xa0\x80"'],
)
def test_odd_numbers_and_texts_are_read_alike(data: bytes):
    assert repr(decode_json(data)) == repr(decode_json_plainly(data))


@pytest.mark.parametrize(
    "more", ["", ', "share": 1', ', "share": "1"', ', "share": NaN', ', "b": [[]]', ', "y": 1e999']
)
def test_an_object_that_fits_at_once_is_as_one_that_is_looked_at_value_by_value(more: str):
    data = f'{{"x": 3{more}}}'.encode()
    assert fitting_json(Point, data) == fitting(Point, decode_json_plainly(data))
    for other in (b"[]", b"{}", b'{"x": 10}', b"{"):
        with pytest.raises(ValueError):
            fitting_json(Point, other)


def test_half_a_surrogate_pair_becomes_text_that_can_be_written():
    found = decode_json(b'{"a \\ud800 b": ["\\udc00", "\\ud83d\\ude00", "gr\xc3\xbcn"]}')
    assert found == {"a \ufffd b": ["\ufffd", "\U0001f600", "gr\u00fcn"]}
    assert not any(fits("\ud800", kind) for kind in (int, float, bool, bytes, list[int], tuple[int, int]))
