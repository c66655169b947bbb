"""Charts as SVG without a browser: the same ECharts file the page uses, in an embedded V8.

One engine is made at the first chart (about a quarter of a second) and kept until the program ends; later charts take
some ten milliseconds. The SVG stands alone: no script, no style sheet, no reference to anything outside.
"""

from __future__ import annotations

import atexit
import hashlib
import html
import json
import re
import threading
from collections.abc import Mapping
from typing import Any, Final

from py_mini_racer import MiniRacer

from regulars.charts import fonts
from regulars.charts.vendor import vendor

SCRIPT: Final = """
const advance = new Map(ADVANCES);
echarts.setPlatformAPI({
  measureText(text, font) {
    const size = parseFloat(/([\\d.]+)px/.exec(font || '')?.[1] ?? 12);
    let width = 0;
    for (const letter of text) width += advance.get(letter.codePointAt(0)) ?? 1;
    return {width: width * size};
  },
});
function draw(option, width, height) {
  const chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width, height});
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
"""


class Engine:
    """The V8 with ECharts in it: made when first needed, one chart at a time, closed at exit (else the exit may hang)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._racer: MiniRacer | None = None

    def draw(self, option: Mapping[str, Any], width: int, height: int) -> str:
        with self._lock:
            if self._racer is None:
                self._racer = self._start()
            return str(self._racer.call("draw", option, width, height))

    def _start(self) -> MiniRacer:
        library = vendor("echarts.min.js").read_text(encoding="utf-8")
        advances = json.dumps(sorted(fonts.advances().items()))
        racer = MiniRacer()
        try:
            racer.eval(library)
            racer.eval(SCRIPT.replace("ADVANCES", advances))
        except BaseException:
            racer.close()
            raise
        atexit.register(racer.close)
        return racer


ENGINE: Final = Engine()


def svg(option: Mapping[str, Any], width: int = 720, height: int = 360) -> str:
    """A chart option as an SVG of this size (pixels) that scales with the page and is read out by its title.

    The same option gives the same bytes, and ids of its own, so that any number of charts can stand in one page.
    """
    drawn = ENGINE.draw(option, width, height)
    name = hashlib.sha256(f"{json.dumps(option, sort_keys=True)}{width}x{height}".encode()).hexdigest()[:10]
    attributes = {
        "role": "img",
        "aria-label": option.get("aria", {}).get("label", {}).get("description", ""),
        "width": "100%",
        "viewBox": f"0 0 {width} {height}",
        "font-family": option.get("textStyle", {}).get("fontFamily", "sans-serif"),
        "xmlns": "http://www.w3.org/2000/svg",
    }
    head = " ".join(f'{attribute}="{html.escape(value)}"' for attribute, value in attributes.items())
    return _alone(drawn, f"chart-{name}").replace(drawn[: drawn.index(">") + 1], f"<svg {head}>", 1)


def _alone(drawn: str, prefix: str) -> str:
    """The drawing without what only the live library needs, its ids under a prefix, its styles as plain attributes.

    A page's security policy may forbid styles; it does not forbid attributes. The font family is left to the outermost tag.
    """
    drawn = re.sub(r"<style\s*>.*?</style>", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'\s(?:class|ecmeta_\w+|pointer-events)="[^"]*"', "", drawn)
    drawn = re.sub(r'\sstyle="font: (\S+) (\S+) (\S+) [^"]*"', r' font-style="\1" font-weight="\2" font-size="\3"', drawn)
    drawn = re.sub(r'\sstyle="([^"]*)"', lambda found: _attributes(found[1]), drawn)
    return re.sub(r'(id="|url\(#)zr\d+-', rf"\1{prefix}-", drawn)


def _attributes(style: str) -> str:
    pairs = (part.split(":", 1) for part in style.split(";") if part)
    return "".join(f' {name}="{value}"' for name, value in pairs if name != "font-family")
