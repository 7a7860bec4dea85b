"""A file of a wrong kind is told what it is, in the words of people, by what it holds."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from curriplan.cli.app import main

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(*names: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


KINDS = {
    "pdf": (b"%PDF-1.7\n", "документ PDF"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", "изображение"),
    "jpg": (b"\xff\xd8\xff\xe0\0\0", "изображение"),
    "docx": (packed("[Content_Types].xml", "word/document.xml"), "текстовый документ (Word)"),
    "doc": (OLE + bytes(600) + "WordDocument".encode("utf-16-le"), "текстовый документ (Word)"),
    "pptx": (packed("ppt/presentation.xml"), "презентация (PowerPoint)"),
    "zip": (packed("note.txt"), "архив (zip, rar)"),
    "rar": (b"Rar!\x1a\x07\x01\0", "архив (zip, rar)"),
}


@pytest.mark.parametrize("name", ["own", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_command_says_what_a_file_of_a_wrong_kind_is(
    kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is called: the name is what a planner has mistaken."""
    monkeypatch.chdir(tmp_path)  # a plan may stand where the tests are run
    data, said = KINDS[kind]
    path = tmp_path / f"file.{kind if name == 'own' else name}"
    path.write_bytes(data)
    for words in (["check"], ["import", "rup"], ["optimize", "mini", "--review"], ["verify"]):
        after = [str(tmp_path / "out")] if words == ["import", "rup"] else []
        refused = CliRunner().invoke(main, [*words, str(path), *after, "--lang", "ru"])
        assert refused.exit_code == 3
        assert said in " ".join(refused.output.split()), (words, refused.output)
