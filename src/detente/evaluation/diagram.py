"""A reliability diagram as a small SVG: confidence across, share right upward, one dot a bin."""

from detente.evaluation.calibration import Calibration

_SIDE = 300
_LEFT, _TOP = 50, 20
_WIDTH, _HEIGHT = _LEFT + _SIDE + 20, _TOP + _SIDE + 70
_SMALLEST, _LARGEST = 3.0, 11.0
_INK, _PALE, _MARK = "#333", "#bbb", "#1f5fa8"


def reliability(found: Calibration) -> str:
    """The diagram. The same calibration gives the same bytes; nothing is loaded from elsewhere."""
    most = max((b.events for b in found.bins), default=1)
    ticks = [k / 5 for k in range(6)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="11" role="img">',
        "<title>Reliability of the events' confidence</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="{_INK}"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="{_PALE}" stroke-dasharray="4 3"/>',
        *(_text(_x(t), _y(0) + 15, f"{t:.1f}", "middle") for t in ticks),
        *(_text(_x(0) - 6, _y(t) + 4, f"{t:.1f}", "end") for t in ticks),
        _text(_x(0.5), _y(0) + 34, "confidence", "middle"),
        f'<g transform="rotate(-90 14 {_y(0.5)})">{_text(14, _y(0.5), "share right", "middle")}</g>',
    ]
    if found.bins:
        path = "L".join(f"{_x(b.confidence)} {_y(b.right)}" for b in found.bins)
        parts.append(f'<path d="M{path}" fill="none" stroke="{_MARK}"/>')
    for b in found.bins:
        # Area, not radius, is proportional to the number of events.
        radius = max(_SMALLEST, _LARGEST * (b.events / most) ** 0.5)
        parts.append(
            f'<circle cx="{_x(b.confidence)}" cy="{_y(b.right)}" r="{radius:.1f}" fill="{_MARK}" fill-opacity="0.7">'
            f"<title>{b.events} events, confidence {b.confidence:.2f}, right {b.right:.2f}</title></circle>"
        )
    if found.brier is not None and found.error is not None:
        told = f"{found.events} events · Brier {found.brier:.3f} · calibration error {found.error:.3f}"
    else:
        told = "no events"
    parts += [_text(_x(0.5), _y(0) + 56, told, "middle"), "</svg>", ""]
    return "\n".join(parts)


def _x(share: float) -> float:
    return round(_LEFT + _SIDE * share, 1)


def _y(share: float) -> float:
    return round(_TOP + _SIDE * (1 - share), 1)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{_INK}">{words}</text>'
