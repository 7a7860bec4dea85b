"""What reviewers write into the yellow cells, however they write it, and the headers above them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from curriplan.base import semesters
from curriplan.catalog.records import Programme
from curriplan.problem.review import Choice, PlanChoice
from curriplan.report.verbs import MEANINGS, Verb
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words, read_texts, texts_of

LOOKALIKES = str.maketrans(
    # Latin letters as the Cyrillic ones they look like; Kazakh letters as keyboards without them have it.
    "aceopxykmtbhiәғқңөұүһі–—",
    "асеорхукмтвнiагкноуухi--",
)
_TERM = re.compile(r"\D*?(\d{1,2})(?:[.,]0+)?\D*")
_SEMESTER = re.compile(r"\D*(\d{4})\s*-\s*0?([12])(?:-01)?\D*")


def folded(text: str) -> str:
    """Return a text as it is compared: no matter the case, the spaces, the keyboard, a final stop.

    >>> folded("  ҚАБЫЛДАУ. ") == folded("кабылдау")
    True
    """
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return text.strip(" .!;:«»\"'").replace("ё", "е").translate(LOOKALIKES)


@cache
def _known(family: str) -> Mapping[str, str]:
    """Return the words of decisions on a ``module`` or on the ``plan``, folded, with what each says."""
    kinds: Iterable[Verb | PlanChoice] = Verb if family == "module" else PlanChoice
    further = read_texts("understood")["review"][family]
    return {
        folded(word): kind.value
        for kind in kinds
        for word in (*texts_of("report")[f"review_choice.{kind}"].values(), *further.get(kind.value, ()))
    }


def choice_of(text: str, proposal: str) -> Choice | None:
    """Return what a word means for a module, None where it means nothing or could mean two things."""
    word = _known("module").get(folded(text))
    return None if word is None else MEANINGS[proposal].get(Verb(word))


def plan_choice_of(text: str) -> PlanChoice | None:
    """Return what a word means for the whole plan, None where it means nothing."""
    word = _known("plan").get(folded(text))
    return None if word is None else PlanChoice(word)


def known_words(choices: Iterable[Verb | PlanChoice]) -> str:
    """Return the words that the workbook offers, in all languages, to name them in an issue."""
    offered = (texts_of("report")[f"review_choice.{choice}"] for choice in choices)
    return "; ".join(" / ".join(entry[code] for code in LANGUAGES) for entry in offered)


def term_of(text: str, programme: Programme) -> int | None:
    """Return the term of a programme that a text names, None where it names none.

    A number of the programme's semesters, with words or without, a calendar semester such as
    ``2027-1`` (also as the date that Excel makes of it), or its words as the sheet shows them.
    """
    found = _SEMESTER.fullmatch(text.strip())
    terms = range(1, programme.terms + 1)
    if found is not None:
        wanted = f"{found[1]}-{found[2]}"
        return next((t for t in terms if semesters.of_term(programme.start, t) == wanted), None)
    for term in terms:
        if folded(text) in _semester_words(semesters.of_term(programme.start, term)):
            return term
    number = _TERM.fullmatch(text.strip())
    return int(number[1]) if number is not None and int(number[1]) in terms else None


@cache
def _semester_words(semester: str) -> frozenset[str]:
    return frozenset(folded(Words(code).semester(semester)) for code in LANGUAGES)


@cache
def header_names() -> Mapping[str, str]:
    """Return the columns of the Review sheet that are read, by their header in any language."""
    names = ("programme", "index", "review_decision", "pinned_term", "comment", "reviewer", "review_date")
    earlier = read_texts("understood")["review"]["headers"]
    return {
        folded(header): name
        for name in (*names, "review_key")
        for header in (*texts_of("report")[f"column.{name}"].values(), *earlier.get(name, ()))
    }
