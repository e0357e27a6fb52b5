"""A city's two colours, and everything the theme derives from them with the contrasts it promises.

Contrast is the ratio of relative luminances of WCAG 2.1 (1 to 21): text needs 4.5, lines 3.
"""

import colorsys

_PAPER, _SURFACE = "#faf8f4", "#ffffff"
_DARK_PAPER, _DARK_SURFACE = "#0f191d", "#172329"
_INK, _WHITE = "#14232b", "#ffffff"
TEXT, LINE = 4.5, 3.0


def contrast(one: str, other: str) -> float:
    """Ratio of two colours written ``#rrggbb``, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def nearest_passing(colour: str, *grounds: str, ratio: float) -> str:
    """The colour itself, or the nearest of the same hue that reaches ``ratio`` on every ground."""
    hue, light, saturation = colorsys.rgb_to_hls(*_channels(colour))
    away_from_light = all(_luminance(ground) > 0.2 for ground in grounds)
    for step in range(101):
        moved = light * (1 - step / 100) if away_from_light else light + (1 - light) * step / 100
        found = _hex(colorsys.hls_to_rgb(hue, moved, saturation))
        if all(contrast(found, ground) >= ratio for ground in grounds):
            return found
    return "#000000" if away_from_light else _WHITE


def palette(main: str, accent: str) -> dict[str, dict[str, str]]:
    """Values of the theme's tokens, ``{"light": {...}, "dark": {...}}``, for colours that pass on light grounds."""
    dark_main = nearest_passing(main, _DARK_PAPER, _DARK_SURFACE, ratio=7)
    dark_accent = nearest_passing(accent, _DARK_PAPER, _DARK_SURFACE, ratio=7)
    return {
        "light": {
            "brand": main,
            "brand-strong": _mixed(main, "#000000", 0.25),
            "brand-soft": _mixed(main, _SURFACE, 0.87),
            "brand-text": nearest_passing(main, _PAPER, _SURFACE, ratio=7),
            "on-brand": readable_on(main),
            "accent": accent,
            "accent-text": nearest_passing(accent, _PAPER, _SURFACE, ratio=TEXT),
        },
        "dark": {
            "brand": dark_main,
            "brand-strong": _mixed(dark_main, _WHITE, 0.25),
            "brand-soft": _mixed(dark_main, _DARK_SURFACE, 0.78),
            "brand-text": _mixed(dark_main, _WHITE, 0.4),
            "on-brand": readable_on(dark_main),
            "accent": dark_accent,
            "accent-text": dark_accent,
        },
    }


def passes_as_main(colour: str) -> bool:
    """Whether buttons and links of this colour can be read on our light grounds."""
    return all(contrast(colour, ground) >= TEXT for ground in (_PAPER, _SURFACE))


def passes_as_accent(colour: str) -> bool:
    """Whether the margin can be seen on our light grounds."""
    return all(contrast(colour, ground) >= LINE for ground in (_PAPER, _SURFACE))


def suggestion(colour: str, *, ratio: float) -> str:
    """The nearest colour that passes on our light grounds."""
    return nearest_passing(colour, _PAPER, _SURFACE, ratio=ratio)


def readable_on(ground: str) -> str:
    """White or ink, whichever reads better."""
    return max((_WHITE, _INK), key=lambda ink: contrast(ink, ground))


def _channels(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(value * 255):02x}" for value in channels)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mixed(colour: str, other: str, share: float) -> str:
    """``colour`` with ``share`` (0 to 1) of the other."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return _hex(tuple(a * (1 - share) + b * share for a, b in pairs))
