"""Draws `docs/reading.svg`: what `detente read` prints of one example page. Run it anew when that output changes."""

import io
from pathlib import Path

from rich.console import Console

import detente
from detente import text

HERE = Path(__file__).parent
PAGE = HERE.parent / "examples" / "2022-02-16-scholz-blog.html"
WIDTH = 112


def main() -> None:
    """Read the page, print it to a console that records, and keep that as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print(f"[bold green]$[/] detente read examples/{PAGE.name}")
    reading = detente.read(PAGE)
    text.show_reading(reading, console=console)
    svg = console.export_svg(title="detente", unique_id="detente")
    # Fonts are the reader's own: the picture loads nothing from elsewhere.
    start, end = svg.find("@font-face"), svg.rfind("@font-face")
    if start >= 0:
        svg = svg[:start] + svg[svg.index("}", end) + 1 :].lstrip()
    svg = svg.replace("font-family: arial", "font-family: sans-serif")
    (HERE / "reading.svg").write_text(svg + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
