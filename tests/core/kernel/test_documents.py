"""How documents differ, and how they travel in one file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.documents import (
    ABSENT,
    BundleRefused,
    Difference,
    Entry,
    compare,
    digest,
    pack,
    read,
    unpack,
    write,
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
trees = st.recursive(
    leaves, lambda kids: st.lists(kids, max_size=3) | st.dictionaries(texts, kids, max_size=3), max_leaves=8
)


def test_a_difference_says_where_before_and_after() -> None:
    before = {"nom": "Cantine", "tranches": [{"prix": "2.40"}, {"prix": "3.10"}], "ancien": 1}
    after = {"nom": "Cantine", "tranches": [{"prix": "2.40"}, {"prix": "3.20"}, {"prix": "4.00"}]}
    assert compare(before, after) == [
        Difference(("ancien",), 1, ABSENT),
        Difference(("tranches", 1, "prix"), "3.10", "3.20"),
        Difference(("tranches", 2), ABSENT, {"prix": "4.00"}),
    ]
    assert compare(before, after)[1].where == "tranches › 2 › prix"


def test_true_is_not_one() -> None:
    assert compare({"a": True}, {"a": 1}) == [Difference(("a",), True, 1)]
    assert compare([0], {"0": 0}) == [Difference((), [0], {"0": 0})]


@given(trees, trees)
def test_only_equal_documents_have_no_difference(a, b) -> None:  # type: ignore[no-untyped-def]
    assert compare(a, a) == []
    assert (compare(a, b) == []) == (digest(a) == digest(b))
    assert [(d.path, d.after, d.before) for d in compare(a, b)] == [
        (d.path, d.before, d.after) for d in compare(b, a)
    ]


@given(st.dictionaries(texts, st.tuples(st.integers(min_value=1), trees), max_size=3))
def test_a_bundle_comes_back_as_it_left(found) -> None:  # type: ignore[no-untyped-def]
    entries = [Entry(key, number, document) for key, (number, document) in found.items()]
    text = write(pack(entries))
    assert unpack(read(text)) == sorted(entries, key=lambda entry: entry.key)
    assert write(pack(reversed(entries))) == text


def bundle(**changes: object) -> dict:  # type: ignore[type-arg]
    made = pack([Entry("a.settings", 3, {"nombre": 4}), Entry("b.settings", 1, {})])
    return {**made, **changes}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "pas un fichier de configuration"),
        ({}, "pas un fichier de configuration"),
        (bundle(format="parvis/tariff@1"), "pas un fichier de configuration"),
        (bundle(format=None), "pas un fichier de configuration"),
        (bundle(format="parvis/configuration@2"), "au format « parvis/configuration@2 »"),
        (bundle(entries=None), "incomplet"),
        (bundle(entries=[{"key": "a"}]), "incomplet"),
        (bundle(digest="0"), "a changé"),
        (bundle(entries=[]), "a changé"),
    ],
)
def test_a_file_that_cannot_be_taken(found, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BundleRefused, match=said):
        unpack(found)


@pytest.mark.parametrize("change", [{"document": {"nombre": 5}}, {"key": "c.settings"}, {"version": 4}])
def test_what_was_changed_by_hand_is_refused(change: dict) -> None:  # type: ignore[type-arg]
    made = bundle()
    made["entries"][0] |= change
    with pytest.raises(BundleRefused, match="a changé"):
        unpack(made)
    made["digest"] = digest(made["entries"])
    if "document" in change:
        with pytest.raises(BundleRefused, match="a changé"):
            unpack(made)


def test_the_same_key_twice() -> None:
    with pytest.raises(BundleRefused, match=r"deux fois : a\.settings"):
        unpack(pack([Entry("a.settings", 1, {}), Entry("a.settings", 2, {})]))


@pytest.mark.parametrize("text", ["", "{", '{"a": NaN}', "[" * 100_000, "couleur: bleu"])
def test_what_is_not_json(text: str) -> None:
    with pytest.raises(BundleRefused, match="pas un fichier de configuration"):
        read(text)


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_signs_that_no_database_takes(sign: str) -> None:
    made = json.loads(json.dumps(pack([Entry("a.settings", 1, {"a": sign})])))
    with pytest.raises(BundleRefused):
        unpack(made)
