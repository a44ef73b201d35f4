"""The live feed as an animated picture: the demo plays, a tier is forced by a key, details open."""

import asyncio
import io
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import resvg_py
from PIL import Image, ImageColor
from textual.app import App
from textual.pilot import Pilot

from app.widgets.feed import Feed
from tests.support.picture import svg_of

SIZE = (104, 30)
EVERY = 0.25  # seconds between two frames
LONGEST = 0.5  # seconds that a frame stands at most: a busy machine does not slow the picture
FONT = "DejaVu Sans Mono"
_FILL = re.compile(r'fill="(#\w{6})"')
_STEPS = (1.0, 0.75, 0.5, 0.25)
# Keys, and the seconds until the next ones.
STORY: tuple[tuple[tuple[str, ...], float], ...] = (
    ((), 5.0),
    (("k", "k"), 1.5),
    (("4",), 2.5),
    (("F",), 2.0),
    (("enter",), 3.0),
    (("escape", "v"), 3.0),
    (("v", "a", "F"), 1.5),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stood on the screen, and for how many milliseconds."""

    svg: str
    stood: int


async def animate(app: App[None], pilot: Pilot[None], to: Path) -> None:
    """Play the story on a dashboard whose feed is moving, and write it as a GIF."""
    await pilot.resize_terminal(*SIZE)
    await pilot.pause()
    app.screen.query_one(Feed).focus()
    frames: list[Frame] = []
    for keys, seconds in STORY:
        await pilot.press(*keys)
        frames += await _taken(app, seconds)
    to.write_bytes(await asyncio.to_thread(_gif, frames))
    print(f"screenshots/{to.name}: {len(frames)} frames", file=sys.stderr)


async def _taken(app: App[None], seconds: float) -> list[Frame]:
    frames, until, last = list[Frame](), time.monotonic() + seconds, time.monotonic()
    while time.monotonic() < until:
        svg = svg_of(app)
        await asyncio.sleep(EVERY)
        now = time.monotonic()
        frames.append(Frame(svg, round(min(now - last, LONGEST) * 1000)))
        last = now
    return frames


def _gif(frames: list[Frame]) -> bytes:
    """All frames, in the colours that stand in them and steps between these and the ground."""
    merged = _merged(frames)
    few = _palette({colour for frame in merged for colour in _FILL.findall(frame.svg)})
    images = [_drawn(frame.svg) for frame in merged]
    drawn = [image.quantize(palette=few, dither=Image.Dither.NONE) for image in images]
    out = io.BytesIO()
    stood = [frame.stood for frame in merged]
    drawn[0].save(
        out, "GIF", save_all=True, append_images=drawn[1:], duration=stood, loop=0, optimize=True
    )
    return out.getvalue()


def _palette(colours: set[str]) -> Image.Image:
    """At most 256: each colour, and where its edges are smoothed on the darkest of them."""
    ground = min(colours, key=lambda colour: sum(ImageColor.getrgb(colour)))
    steps = [
        round(part * share + under * (1 - share))
        for colour in sorted(colours)
        for share in _STEPS
        for part, under in zip(ImageColor.getrgb(colour), ImageColor.getrgb(ground), strict=True)
    ]
    few = Image.new("P", (1, 1))
    few.putpalette(steps[: 256 * 3])
    return few


def _merged(frames: list[Frame]) -> list[Frame]:
    """Frames that show the same are one that stands longer."""
    merged: list[Frame] = []
    for frame in frames:
        if merged and merged[-1].svg == frame.svg:
            merged[-1] = Frame(frame.svg, merged[-1].stood + frame.stood)
        else:
            merged.append(frame)
    return merged


def _drawn(svg: str) -> Image.Image:
    png = resvg_py.svg_to_bytes(svg_string=svg, font_family=FONT, monospace_family=FONT, zoom=1)
    return Image.open(io.BytesIO(bytes(png))).convert("RGB")
