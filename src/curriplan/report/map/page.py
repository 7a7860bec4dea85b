"""The map as one HTML file that needs nothing else: style, script and data stand in it.

Whatever a catalog says stands in the data alone, in letters that end neither the data nor a line of it; the
script shows it as text. The policy of the page lets its own script and style run, by their hashes, and
nothing load, so that a name which was written as a script could not run, nor anything be sent.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from functools import cache
from importlib.resources import files
from typing import Any

from curriplan.base.version import TOOL
from curriplan.report.map.data import MapSource, map_data
from curriplan.report.map.nodes import held
from curriplan.texts.words import Words, texts_of

SCRIPT_PARTS = ("columns.js", "lines.js", "panel.js", "reader.js")
"""In this order: each uses what the ones before it declare."""
PAGE_WORDS = "page."
"""What the keys of the texts begin with that the script says."""
_UNSAFE = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def map_html(source: MapSource, language: str) -> str:
    """Return the text of the file, in one language.

    The same catalog and plan give the same text.
    """
    style, script = _part("page.css"), page_script()
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    filled = {
        "language": language,
        "policy": policy,
        "style": style,
        "noscript": html.escape(Words(language, "map")("noscript")),
        "data": as_script_data({"words": _page_words(language), **_about(source, language)}),
        "script": script,
    }
    before, *rest = _part("page.html").split("{")
    parts = (part.partition("}") for part in rest)
    return before + "".join(filled[name] + after for name, _, after in parts)


def as_script_data(data: Any) -> str:
    """Return data as JSON that may stand in a script element: no ``<``, ``>``, ``&`` and no odd line ends."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_UNSAFE)


def _page_words(language: str) -> dict[str, str]:
    entries = texts_of("map").items()
    return {key.removeprefix(PAGE_WORDS): one[language] for key, one in entries if key.startswith(PAGE_WORDS)}


def _about(source: MapSource, language: str) -> dict[str, Any]:
    """Return what the map is of, and the map."""
    info = source.catalog.info
    report = Words(language)
    return {
        "language": language,
        "title": held(info.title(language)),
        "banner": report("phrase.illustrative") if info.illustrative else None,
        "made": f"{TOOL} · {info.id} {held(info.version)} · SHA-256 {source.catalog.sha256[:12]}",
        "attribution": [held(line) for line in (info.licence, *info.attribution) if line],
        "kinds": {
            kind: report(f"edge_kind.{kind}")
            for kind in ("prerequisite", "corequisite", "strict_corequisite", "order")
        },
        **map_data(source, language),
    }


@cache
def page_script() -> str:
    """Return the script of the page: its parts in one function, so that nothing of it is global."""
    parts = "\n".join(map(_part, SCRIPT_PARTS))
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


@cache
def _part(name: str) -> str:
    return (files("curriplan") / "report" / "map" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
