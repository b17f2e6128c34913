"""What the documentation says works: every command and Python example in it is run, every link leads somewhere."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from detente.cli import cli
from detente.reading.pipeline import STEPS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
PENDING = {DOCS / "explanation" / "model-card.md"}


def blocks(language: str) -> list[object]:
    """Each block of that language, named by its page and number."""
    found = []
    for page in PAGES:
        of_page = [m[2] for m in BLOCK.finditer(page.read_text(encoding="utf-8")) if m[1] == language]
        name = str(page.relative_to(ROOT))
        found += [pytest.param(block, id=f"{name}-{n}") for n, block in enumerate(of_page, 1)]
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own with the examples in it, as a reader of the docs has it."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "examples").symlink_to(ROOT / "examples")
    return folder


def run(command: str | list[str], place: Path) -> subprocess.CompletedProcess[str]:
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command, shell=isinstance(command, str), cwd=place, env=os.environ | {"PATH": paths}, capture_output=True,
        text=True, encoding="utf-8", timeout=180, check=False,
    )  # fmt: skip


def flat(text: str) -> str:
    """Without the folds of tables, which hang on the width of their columns."""
    return " ".join(text.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_do_what_the_page_shows(page: Path, place: Path) -> None:
    """`$ ` begins a command; of the lines below it each must occur in what the command prints.

    A page's commands run in their order: what one makes the next may ask about.
    """
    for block in re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
        commands = re.split(r"^\$ ", block, flags=re.M)
        assert not commands[0].strip()
        for lines in commands[1:]:
            command, *shown = lines.splitlines()
            done = run(command, place)
            assert done.returncode == 0, done.stderr
            assert "Traceback" not in done.stderr
            for line in filter(None, map(str.strip, shown)):
                assert flat(line) in flat(done.stdout), f"{command}: {line}"


@pytest.mark.parametrize("block", blocks("python"))
def test_python_examples_run(block: str, place: Path) -> None:
    done = run([sys.executable, "-c", block], place)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for match in LINK.finditer(page.read_text(encoding="utf-8")):
        target = (match[1] or match[2]).split("#")[0]
        if not target or target.startswith(("http://", "https://", "mailto:")):
            continue
        to = (page.parent / target).resolve()
        assert to.exists() or to in PENDING, target


def test_every_command_is_in_the_docs() -> None:
    """In the reference, and in a page that tells what it is for."""
    reference = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES if page.parent.name in ("tutorial", "how-to"))
    for name in cli.commands:
        assert f"## detente {name}\n" in reference
        assert f"detente {name} " in told, name


def test_every_step_is_explained() -> None:
    text = (DOCS / "explanation" / "architecture.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \| \w", text, re.M) == [name for name, _ in STEPS]


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (DOCS / "explanation" / "dependencies.md").read_text(encoding="utf-8").lower()
    asked = [*project["dependencies"], *(p for extra in project["optional-dependencies"].values() for p in extra)]
    for name in {re.split(r"[<>=!~\[ ]", requirement)[0].lower() for requirement in asked}:
        assert re.search(rf"\b{re.escape(name)}\b", text), name


def test_the_reference_is_what_the_code_says() -> None:
    path = DOCS / "reference" / "generate.py"
    done = run([sys.executable, str(path), "--check"], ROOT)
    assert done.returncode == 0, done.stderr + done.stdout


def test_a_stale_reference_fails_the_check(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "reference" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    generate.HERE = tmp_path
    argv, sys.argv = sys.argv, ["generate.py", "--check"]
    try:
        with pytest.raises(SystemExit, match="not up to date"):
            generate.main()
        sys.argv = ["generate.py"]
        generate.main()
        sys.argv = ["generate.py", "--check"]
        generate.main()
    finally:
        sys.argv = argv
    assert json.loads((tmp_path / "record.schema.json").read_text(encoding="utf-8"))["title"] == "Reading"


def test_the_picture_loads_nothing_from_elsewhere() -> None:
    svg = (DOCS / "reading.svg").read_text(encoding="utf-8")
    assert "url(http" not in svg
    assert "href" not in svg
    assert "Scholz at the long table" in svg.replace("&#160;", " ")
