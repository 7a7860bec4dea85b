"""The command ``import``: a catalog out of a classification, or out of a college's own workbook."""

from __future__ import annotations

import click

from curriplan.commands.import_classifications import esco, onet
from curriplan.commands.import_rup import rup


@click.group("import")
def imports() -> None:
    """Make a catalog out of other files."""


imports.add_command(esco)
imports.add_command(onet)
imports.add_command(rup)
