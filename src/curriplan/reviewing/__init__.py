"""A review read back: the workbook against what it carries of itself, and what its words ask of a plan."""

from curriplan.reviewing.read import ReadReview, WrittenRow, read_review
from curriplan.reviewing.resolve import Resolved, is_kept, resolve_review

__all__ = ["ReadReview", "Resolved", "WrittenRow", "is_kept", "read_review", "resolve_review"]
