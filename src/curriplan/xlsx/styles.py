"""The look of the workbook: one palette, number formats, named styles that can be combined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INK = "#1F2A37"
MUTED = "#6B7280"
ACCENT = "#1F4E79"
HEADER_FILL = "#DCE6F1"
GROUP_FILL = "#EEF2F7"
TOTAL_FILL = "#E3EAF3"
LINE = "#C9D1DB"
GOOD_FILL, GOOD_INK = "#E4F1E1", "#285C2B"
BAD_FILL, BAD_INK = "#F9DDD6", "#8A2A12"
NOTE_FILL = "#FCEBDD"
"""Pale orange, never yellow: yellow means editable."""
OPEN_FILL = "#FFF6C2"
"""Yellow: editable, and nothing else is."""

SERIES = ("#17365D", "#C0641F", "#8DB9DD", "#D9CBA3", "#5E7F3C", "#B8A9C9")
"""Colours of charts in their order: told apart by the colour-blind, and by lightness in a grey print."""
HEAT = ("#FFFFFF", "#F6D9B8", "#D9895B")
"""Half full, nearly full, full: lighter to darker in a grey print as well."""
BEFORE, AFTER = "#B4C2D0", ACCENT
"""Today and by the plan, the first and the second plan."""

MINUS = '"−"'
"""The sign before a number below 0, as in sentences: a format without it would show a hyphen."""

FONT = "Calibri"

BASE: Mapping[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}

_TABLE = {"border": 1, "border_color": LINE}
_NUMBER = {**_TABLE, "align": "right"}
_HEADER = {
    **_TABLE,
    "font_size": 9,
    "bold": True,
    "text_wrap": True,
    "align": "center",
    "valign": "vcenter",
    "bg_color": HEADER_FILL,
}
_TEXT = {**_TABLE, "text_wrap": True, "quote_prefix": True, "align": "left", "indent": 1}

STYLES: Mapping[str, Mapping[str, Any]] = {
    # Around the tables.
    "title": {
        "font_size": 16,
        "bold": True,
        "font_color": ACCENT,
        "valign": "vcenter",
        "quote_prefix": True,
        "text_wrap": True,
    },
    "how": {"italic": True, "font_color": MUTED, "text_wrap": True},
    "note": {"text_wrap": True, "font_color": MUTED},
    "plain": {"text_wrap": True, "quote_prefix": True},
    "label": {"bold": True, "text_wrap": True},
    "heading": {"font_size": 12, "bold": True, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT},
    "banner": {
        "bold": True,
        "text_wrap": True,
        "bg_color": NOTE_FILL,
        "font_color": BAD_INK,
        "valign": "vcenter",
        "border": 1,
        "border_color": BAD_INK,
        "indent": 1,
    },
    "sentence": {"font_size": 11, "text_wrap": True, "valign": "vcenter"},
    "link": {"font_color": ACCENT, "underline": 1},
    "link_line": {"font_color": ACCENT, "underline": 1},
    "kpi_label": {
        "font_color": MUTED,
        "text_wrap": True,
        "bg_color": GROUP_FILL,
        "align": "left",
        "indent": 1,
        "valign": "vcenter",
    },
    "kpi_share": {
        "font_size": 18,
        "bold": True,
        "font_color": ACCENT,
        "bg_color": GROUP_FILL,
        "num_format": "0.0%",
        "align": "left",
        "indent": 1,
    },
    "kpi_count": {
        "font_size": 18,
        "bold": True,
        "font_color": ACCENT,
        "bg_color": GROUP_FILL,
        "num_format": "#,##0",
        "align": "left",
        "indent": 1,
    },
    "kpi_note": {
        "font_color": MUTED,
        "bg_color": GROUP_FILL,
        "text_wrap": True,
        "align": "left",
        "indent": 1,
    },
    "kpi_text": {
        "font_size": 11,
        "bold": True,
        "font_color": ACCENT,
        "bg_color": GROUP_FILL,
        "text_wrap": True,
        "quote_prefix": True,
        "align": "left",
        "indent": 1,
        "valign": "vcenter",
    },
    "see": {"font_size": 9, "bold": False, "underline": 1, "align": "right", "valign": "vcenter"},
    "way_back": {"font_size": 9, "font_color": ACCENT, "underline": 1},
    "guide": {"font_size": 9, "font_color": MUTED, "text_wrap": True},
    "signature": {"bottom": 1, "bottom_color": INK},
    # Header rows.
    "header": _HEADER,
    "form_header": {**_HEADER, "font_size": 10},
    # Cells of a table.
    "text": _TEXT,
    "centre": {**_TEXT, "align": "center", "indent": 0},
    "code": _TEXT,
    "count": {**_NUMBER, "num_format": f"#,##0;{MINUS}#,##0"},
    "count_change": {**_NUMBER, "num_format": f"+#,##0;{MINUS}#,##0;0"},
    "term": {**_NUMBER, "num_format": "0", "align": "center"},
    # 20261 is 2026-1; the end of what has none is a number far away, so that formulas can compare.
    "semester": {**_NUMBER, "num_format": '[=99992]"…";0000"-"0', "align": "center"},
    "credits": {**_NUMBER, "num_format": f"#,##0.0;{MINUS}#,##0.0;–"},
    "hours": {**_NUMBER, "num_format": f"#,##0;{MINUS}#,##0;–"},
    "hours_change": {**_NUMBER, "num_format": f"+#,##0;{MINUS}#,##0;–"},
    "tenths": {**_NUMBER, "num_format": "#,##0.0"},
    "half_hours": {**_NUMBER, "num_format": f"#,##0.0;{MINUS}#,##0.0"},
    "half_hours_change": {**_NUMBER, "num_format": f"+#,##0.0;{MINUS}#,##0.0;–"},
    "money": {**_NUMBER, "num_format": f"#,##0;{MINUS}#,##0;–"},
    "money_change": {**_NUMBER, "num_format": f"+#,##0;{MINUS}#,##0;–"},
    "share": {**_NUMBER, "num_format": "0.0%"},
    "load": {**_NUMBER, "num_format": "0%", "align": "center"},
    # A difference of shares, times 100: a per cent sign would say another thing.
    "lost": {**_NUMBER, "num_format": f"0.0;{MINUS}0.0"},
    "points": {**_NUMBER, "num_format": f"+0.0;{MINUS}0.0;0.0"},
    "missed": {**_NUMBER, "num_format": "0.0"},
    "fine_points": {**_NUMBER, "num_format": f"+0.00;{MINUS}0.00;0.00"},
    "weight": {**_NUMBER, "num_format": "0.000"},
    # Of a country a million moves a thousandth of a point.
    "price": {**_NUMBER, "num_format": f"0.0000;{MINUS}0.0000"},
    "number": {**_NUMBER, "num_format": "General"},
    "gap": {"num_format": "0.00%"},
    "centred": {"align": "center"},
    "right": {"align": "right", "indent": 0},
    "status": {**_TABLE, "text_wrap": True, "align": "center"},
    "open": {**_TEXT, "bg_color": OPEN_FILL, "locked": False},
    "open_code": {**_TEXT, "bg_color": OPEN_FILL, "locked": False, "num_format": "@", "align": "center"},
    "data": {"font_name": "Consolas", "font_size": 8, "font_color": MUTED, "quote_prefix": True},
    "hash": {**_TEXT, "font_name": "Consolas", "font_size": 9, "text_wrap": False},
    # Tables of a catalog: every cell is there to be written in.
    "name": {**_TABLE, "bold": True, "bg_color": HEADER_FILL, "valign": "vcenter", "quote_prefix": True},
    "field": {**_TABLE, "bg_color": OPEN_FILL, "num_format": "@", "quote_prefix": True, "indent": 1},
    "empty_field": {**_TABLE, "bg_color": OPEN_FILL, "num_format": "@", "indent": 1},
    "field_number": {**_TABLE, "bg_color": OPEN_FILL, "num_format": "General"},
    "field_money": {**_TABLE, "bg_color": OPEN_FILL, "num_format": "#,##0"},
    "aside": {"font_color": MUTED, "quote_prefix": True},
    "must": {"bg_color": ACCENT, "font_color": "#FFFFFF"},
    "lined": _TABLE,
    # Overlays.
    "group": {"bold": True, "bg_color": GROUP_FILL},
    "total": {"bold": True, "bg_color": TOTAL_FILL},
    "input": {"bg_color": OPEN_FILL, "locked": False},
    "unlocked": {"locked": False},
    "fixed": {"font_color": MUTED},
    "dropped": {"font_color": MUTED, "italic": True},
    "taught": {"bg_color": GROUP_FILL},
    "new": {"bg_color": GOOD_FILL},
    "good": {"bg_color": GOOD_FILL, "font_color": GOOD_INK},
    "bad": {"bg_color": BAD_FILL, "font_color": BAD_INK, "bold": True},
}
"""Properties by style name; a list of names such as ``credits total`` merges them in order."""


def properties(names: str) -> dict[str, Any]:
    """Return the merged properties of styles, for ``Workbook.add_format``."""
    merged = dict(BASE)
    for name in names.split():
        merged.update(STYLES[name])
    return merged
