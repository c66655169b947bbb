"""The texts of the source and the catalogues of translations: what ``N_("…")`` marks, merged into ``src/regulars/locales/*.po``.

``make messages`` runs it. A new text arrives with an empty translation, a text that is gone goes with its translation, and
``tests/test_catalogues.py`` says what is still to do. Nothing here translates.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

SOURCE: Final = Path(__file__).resolve().parent.parent / "src" / "regulars"
LANGUAGES: Final = ("zh_CN", "uk")
"""The languages with a catalogue; English is the source text itself."""

Text = str | tuple[str, str]
"""A text, or the two English forms of one that counts: ``("{n} order", "{n} orders")``."""


def catalogue_file(language: str) -> Path:
    return SOURCE / "locales" / f"{language}.po"


def marked(tree: ast.AST) -> Iterator[tuple[int, Text]]:
    """(line, text) of everything marked with ``N_``. Two marked texts side by side that both hold ``{n}`` are one plural."""
    paired: set[ast.AST] = set()
    for node in ast.walk(tree):
        for one, many in _neighbours(node):
            first, second = _text(one), _text(many)
            if first and second and "{n}" in first and "{n}" in second:
                paired |= {one, many}
                yield one.lineno, (first, second)
    for node in ast.walk(tree):
        if node not in paired and (text := _text(node)):
            yield node.lineno, text


def _neighbours(node: ast.AST) -> Iterator[tuple[ast.Call, ast.Call]]:
    """Calls that follow one another in a tuple or among the arguments of a call."""
    items: Sequence[ast.AST] = node.elts if isinstance(node, ast.Tuple) else node.args if isinstance(node, ast.Call) else ()
    yield from ((a, b) for a, b in pairwise(items) if isinstance(a, ast.Call) and isinstance(b, ast.Call))


def _text(node: ast.AST) -> str:
    """The text that a call of ``N_`` marks; nothing for any other node."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"):
        return ""
    match node.args:
        case [ast.Constant(value=str(text))]:
            return text
    raise ValueError(f"line {node.lineno}: N_ marks a text as it stands, not {ast.unparse(node)}")


def texts() -> dict[Text, list[str]]:
    """Every text of the source → the files it stands in, in the order of the files and their lines."""
    found: dict[Text, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE.parent.parent).as_posix()
        for _, text in sorted(marked(ast.parse(path.read_text(encoding="utf-8"))), key=lambda item: item[0]):
            places = found.setdefault(text, [])
            places.extend([name] if name not in places else [])
    return found


def read(language: str) -> Catalog:
    """The catalogue as it is on disk; an empty one if there is none yet."""
    path = catalogue_file(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str) -> Catalog:
    """All texts of the source with the translations there are."""
    old, new = read(language), Catalog(locale=language)
    for text, files in texts().items():
        known = old.get(text if isinstance(text, str) else text[0])
        same = known is not None and known.id == text
        new.add(text, known.string if known is not None and same else None, locations=[(file, 0) for file in files])
    return new


def written(catalogue: Catalog) -> bytes:
    """The file of a catalogue: a short header without dates, one entry per text, files without line numbers, so that little changes."""
    header = {
        "Language": str(catalogue.locale),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": catalogue.plural_forms,
    }
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in header.items())
    note = "# Written by `make messages`. Fill what is empty; keep every {name} and write no digit that the English has not.\n"
    return f'{note}msgid ""\nmsgstr ""\n{head}\n'.encode() + body.getvalue()


def main() -> None:
    for language in LANGUAGES:
        catalogue, path = merged(language), catalogue_file(language)
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_bytes(written(catalogue))
        unfinished.replace(path)
        empty = sum(not all(m.string if isinstance(m.string, (list, tuple)) else [m.string]) for m in catalogue if m.id)
        print(f"{path.name}: {len(catalogue)} texts, {empty} to translate")


if __name__ == "__main__":
    main()
