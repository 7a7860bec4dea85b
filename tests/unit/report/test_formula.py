"""Formulas and their values: each value is worked out beside the formula that Excel will see."""

from __future__ import annotations

import pytest

from curriplan.texts.words import Words
from curriplan.xlsx import formula as f
from curriplan.xlsx import sentences as said
from curriplan.xlsx import term as terms

CREDITS = terms.Range("S", 1, 1, 4, (3.0, 2.0, None, 1.5))
WORDS = terms.Range("S", 2, 1, 4, ("keep", "Drop", "keep", "add"))
IDS = terms.Range("S", 0, 1, 4, ("007", "7", "NA", "007"))


def ref(value: terms.Scalar, row: int = 0) -> terms.Term:
    return terms.cell("It's", row, 0, value)


def test_references_quote_the_sheet_and_are_absolute() -> None:
    assert ref(1).text == "'It''s'!$A$1"
    assert CREDITS.text == "'S'!$B$2:$B$5"


def test_sum_takes_empty_cells_for_nothing() -> None:
    assert f.total(CREDITS) == terms.Term("SUM('S'!$B$2:$B$5)", 6.5)  # 3 + 2 + 1.5


def test_sum_of_nothing_is_zero() -> None:
    empty = terms.Range("S", 0, 5, 4, ())
    assert f.total(empty).text == f.total_of([]).text == f.sum_if(empty, (empty, "=", "x")).text == "0"


def test_sum_if_ignores_letter_case_as_excel_does() -> None:
    # All but the dropped row: 3 + (empty) + 1.5.
    term = f.sum_if(CREDITS, (WORDS, "<>", "drop"))
    assert term == terms.Term("SUMIFS('S'!$B$2:$B$5,'S'!$C$2:$C$5,\"<>drop\")", 4.5)


def test_nothing_below_zero_is_zero() -> None:
    # Excel knows no -0.
    assert (terms.as_text(-0.0), terms.as_text(0.0)) == ("0", "0")
    area = terms.Range("S", 3, 1, 2, (-0.0, 0.0))
    assert f.count_if((area, "=", -0.0)).value == f.count_if((area, "=", 0)).value == 2


def test_count_if_with_a_number_and_a_word() -> None:
    numbers = terms.Range("S", 3, 1, 4, (1, 2, 1, 1))
    assert f.count_if((numbers, "=", 1), (WORDS, "=", "keep")).value == 2
    assert f.count_if((numbers, "=", 1)).text == "COUNTIFS('S'!$D$2:$D$5,1)"


def test_sum_where_compares_identifiers_exactly() -> None:
    # SUMIFS would take 007 and 7 for the same number; here 3 + 1.5 belong to 007.
    term = f.sum_where(CREDITS, (IDS, "=", ref("007")))
    assert term.value == 4.5
    assert term.text == "SUMPRODUCT(('S'!$A$2:$A$5='It''s'!$A$1)*'S'!$B$2:$B$5)"


def test_sum_where_without_values_counts() -> None:
    first = terms.Range("S", 4, 1, 4, (20261, 20262, 20271, 20261))
    assert f.sum_where(None, (first, "<=", terms.constant(20262))).value == 3


def test_ratio_and_difference_show_a_dash_rather_than_divide_by_zero() -> None:
    assert f.ratio(ref(3), ref(4)).value == 0.75
    assert f.ratio(ref(3), ref(0)).value == terms.NOTHING
    assert f.difference(ref(terms.NOTHING), ref(1)).value == terms.NOTHING
    assert f.difference(ref(0.5), ref(0.2)).value == pytest.approx(0.3)


def test_weighted_mean_leaves_out_rows_without_a_value() -> None:
    values = terms.Range("S", 0, 0, 2, (0.5, terms.NOTHING, 0.2))
    weights = terms.Range("S", 1, 0, 2, (10, 100, 30))
    assert f.weighted_mean(values, weights).value == pytest.approx((5 + 6) / 40)
    nothing = terms.Range("S", 0, 0, 2, (terms.NOTHING,) * 3)
    assert f.weighted_mean(nothing, weights).value == terms.NOTHING


@pytest.mark.parametrize(
    ("operator", "actual", "limit", "expected"),
    [
        (">=", 6.9999995, 7, True),  # within 7e-6
        (">=", 6.9999, 7, False),
        ("<=", 0.0000005, 0, True),
        ("<=", 0.00001, 0, False),
        ("=", 72, 72, True),
        ("=", 72, 48, False),
    ],
)
def test_a_rule_holds_within_the_slack_of_the_evaluation(
    operator: str, actual: float, limit: float, expected: bool
) -> None:
    assert f.holds(operator, ref(actual), ref(limit, 1)).value is expected


def test_operands_keep_their_parentheses() -> None:
    assert (ref(10) - (ref(3) + ref(4))).text == "'It''s'!$A$1-('It''s'!$A$1+'It''s'!$A$1)"
    assert (ref(10) - (ref(3) + ref(4))).value == 3


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [(0.25, 1, 0.3), (1.005, 2, 1.01), (-2.5, 0, -3.0), (45.65, 1, 45.7), (-0.04, 1, 0.0)],
)
def test_rounding_is_excels(value: float, digits: int, expected: float) -> None:
    # Halves go away from zero, and 1.005 counts as what it shows, not as its binary neighbour.
    assert terms.round_half_up(value, digits) == expected


@pytest.mark.parametrize(("mark", "expected"), [(",", "12,3"), (".", "12.3")])
def test_numbers_in_sentences_have_the_mark_of_the_language(mark: str, expected: str) -> None:
    term = said.decimal_text(ref(12.34), 1, mark)
    assert term.value == expected
    assert term.text.startswith("SUBSTITUTE(ROUND(")


def test_text_constants_double_their_quotes() -> None:
    assert terms.constant('say "x"').text == '"say ""x"""'


@pytest.mark.parametrize(
    ("value", "expected"), [(1e15, "1000000000000000"), (0.1 + 0.2, "0.3"), (7.0, "7"), (None, "")]
)
def test_numbers_join_text_as_excel_writes_them(value: terms.Scalar, expected: str) -> None:
    assert terms.as_text(value) == expected


def test_text_in_arithmetic_is_a_bug() -> None:
    with pytest.raises(TypeError):
        f.total(WORDS)


def test_a_sum_for_each_row_does_not_read_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many sums as rows once took rows x rows comparisons: a large plan took minutes."""
    rows, compared = 400, 0
    plain = terms.as_text

    def counted(value: terms.Scalar) -> str:
        nonlocal compared
        compared += 1
        return plain(value)

    monkeypatch.setattr(f, "as_text", counted)
    names = terms.Range("S", 0, 1, rows, tuple(f"M{row}" for row in range(rows)))
    kinds = terms.Range("S", 1, 1, rows, ("same",) * rows)
    money = terms.Range("S", 2, 1, rows, tuple(float(row) for row in range(rows)))
    for row in range(rows):
        mine = ((kinds, "=", terms.constant("same")), (names, "=", ref(f"m{row}", row)))
        assert f.sum_where(money, *mine).value == row
        assert f.sum_if(money, (kinds, "=", "same"), (names, "=", f"M{row}")).value == row
    assert compared < 40 * rows


def test_quotation_marks_within_quotation_marks_are_others() -> None:
    """Of a sentence with guillemets those of the name that stands in them become others, also in Excel."""
    found = said.sentence(
        Words("ru"), "risk.rooms", {"room": ref("Цех «А»"), "full": ref(1), "rooms": ref(2)}
    )
    assert "«Цех „А“»" in str(found.value)
    assert "SUBSTITUTE(SUBSTITUTE(" in found.text
    plain = said.sentence(
        Words("en"), "risk.rooms", {"room": ref("Цех «А»"), "full": ref(1), "rooms": ref(2)}
    )
    assert "“Цех «А»”" in str(plain.value)
    assert "«Цех „А“»" in Words("ru").filled("Зал «{room}» и {room}", room="Цех «А»").split(" и ")[0]
