"""The accuracy floors: what the golden readings have reached, pinned in `floors.json`.

`python tests/readings/floors.py` prints the figures beside their floors; `--write` raises the floors to them, and
lowers none unless `--lower` is given too (a lowering needs a commit of its own that says why).
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
SLACK = 0.01
"""What a figure may fall by before it counts as fallen: one item of a hundred, as parsers' releases differ."""
HIGHER_IS_WORSE = {"forbidden"}
FOLDERS = {"development": HERE, "held": HERE / "held"}


def figures() -> dict[str, dict[str, float]]:
    """The figures of each folder of golden readings, by name."""
    sys.path.insert(0, str(HERE))
    from scoring import score_folder

    return {name: score_folder(folder) for name, folder in FOLDERS.items() if any(folder.glob("*.gold.json"))}


def fallen(reached: dict[str, dict[str, float]], floors: dict[str, dict[str, float]]) -> list[str]:
    """One line for each figure that is below its floor."""
    lines = []
    for folder, pinned in floors.items():
        for name, floor in pinned.items():
            value = reached[folder][name]
            worse = value - floor if name in HIGHER_IS_WORSE else floor - value
            if worse > SLACK:
                lines.append(f"{folder} {name}: {value:.3f}, floor {floor:.3f}")
    return lines


def main() -> None:
    """Print the figures, or pin them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="raise the floors to what is reached")
    parser.add_argument("--lower", action="store_true", help="with --write: lower floors too")
    options = parser.parse_args()
    reached = figures()
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    for folder, values in reached.items():
        print(f"{folder}")
        for name, value in values.items():
            print(f"  {name:18} {value:.3f}   floor {floors.get(folder, {}).get(name, float('nan')):.3f}")
    if options.write:
        for folder, values in reached.items():
            pinned = floors.setdefault(folder, {})
            for name, value in values.items():
                better = min if name in HIGHER_IS_WORSE else max
                pinned[name] = value if options.lower else better(value, pinned.get(name, value))
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
