"""From the pointer to the painted picture, in a real Chromium; and how long the page takes to open.

A slider is dragged for three seconds, to and fro. For the PSC, which the page draws itself, a
picture is answered by the pointer's last move before it. For the traces, the amplitude of the
current step is dragged: the injected current is among the plots, so each picture tells which value
it is of, and its age is the time since the slider took that value. A picture counts as painted when
a message arrives that was posted in the first animation frame after its data came: after Bokeh has
drawn in that frame and the browser has put it together. Draining is the time from the drag's end to
the last picture. Beside them stands how many pictures had come at most that were not painted yet.

The time that the page takes to open begins in an empty tab of a browser that is running, with an
empty cache, and ends when the sliders and the postsynaptic current are there; the traces and what
is below them follow. Beside it stands that of a page of panel-material-ui with one slider.

A headless Chromium without a GPU paints with the processor that the server runs on too.
"""

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import sync_playwright

from tests.served import QUIET, chromium, served

SECONDS = 3.0
ROUNDS = 3
LAST = "Spike autopsy"
"""What comes last to the page."""

WATCH = """([source, column, slider]) => {
  const log = (window.log = { values: new Map(), pictures: [], end: null, last: 0, most: 0 });
  addEventListener("pointermove", (event) => (log.last = event.timeStamp), true);
  addEventListener("pointerup", (event) => (log.end = event.timeStamp), true);
  const models = [...Bokeh.documents[0].all_models];
  const model = models.find((m) => m.data?.label?.startsWith?.(slider));
  model.data.on_change?.([model.data.properties.value], () => {
    log.values.set(model.data.value.toPrecision(6), performance.now());
  });
  for (const numbers of models.filter((m) => m.name === "picture-numbers"))
    numbers.on_change([numbers.properties.sent], () => {
      log.most = Math.max(log.most, numbers.sent - numbers.painted);
    });
  const data = Bokeh.documents[0].get_model_by_name(source);
  data.on_change([data.properties.data], () => {
    const value = column
      ? data.data[column].reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)).toPrecision(6)
      : null;
    const since = log.last;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => log.pictures.push([column ? value : since, performance.now()]);
      port2.postMessage(0);
    });
  });
}"""

READ = """(byValue) => {
  const log = window.log;
  const ages = [];
  for (const [key, painted] of log.pictures) {
    const since = byValue ? log.values.get(key) : key;
    if (since) ages.push(painted - since);
  }
  const last = log.pictures.at(-1)?.[1] ?? log.end;
  return [ages, last - log.end, log.pictures.length, log.most];
}"""


def opened(browser, url):
    """A page of a new visitor, and the seconds until it could be used."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.wait_for_timeout(1500)
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_function("window.Bokeh?.documents?.[0]?.is_idle")
    page.get_by_role("slider", name="tau_syn_fast").wait_for()
    return page, time.perf_counter() - start


def openings(browser, url, last=None):
    """Seconds until a page could be used and was whole, of one visitor after the other."""
    found = []
    for _ in range(ROUNDS):
        page, seconds = opened(browser, url)
        start = time.perf_counter()
        if last:
            page.get_by_text(last).wait_for()
        found.append((seconds, seconds + time.perf_counter() - start))
        page.wait_for_timeout(1500)
        page.context.close()
        time.sleep(1.5)
    return found


def drag(page, name):
    """Take the slider to and fro for some seconds."""
    thumb = page.get_by_role("slider", name=name, exact=True)
    track = thumb.locator("xpath=ancestor::span[contains(@class, 'MuiSlider-root')]")
    thumb.scroll_into_view_if_needed()
    handle, box = thumb.locator("..").bounding_box(), track.bounding_box()
    y = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, y)
    page.mouse.down()
    start = time.perf_counter()
    while (now := time.perf_counter() - start) < SECONDS:
        share = 0.5 + 0.35 * np.sin(2.0 * np.pi * now / 2.0)
        page.mouse.move(box["x"] + share * box["width"], y)
        time.sleep(0.012)
    page.mouse.up()
    page.wait_for_timeout(1500)


def measure(page, source, column, slider):
    """Ages of the painted pictures (ms), time to drain (ms), pictures a second, most unpainted."""
    page.evaluate(WATCH, [source, column, slider])
    drag(page, slider)
    ages, drain, count, most = page.evaluate(READ, column is not None)
    return np.array(ages), drain, count / SECONDS, most


def main() -> None:
    """Print both tables."""
    rows = {"PSC, drawn in the page": [], "traces, four plots of 2,000 points": []}
    with (
        TemporaryDirectory() as folder,
        served(Path(folder) / "log") as url,
        served(Path(folder) / "empty", "tests/benchmarks/empty_page.py") as empty_url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        first, empty_first = openings(browser, url, LAST)[0], openings(browser, empty_url)[0]
        time.sleep(30)  # the server compiles the rest in the background
        later, empty_later = openings(browser, url, LAST), openings(browser, empty_url)
        for _ in range(ROUNDS):
            page, _ = opened(browser, url)
            page.get_by_text(LAST).wait_for()
            page.get_by_role("button", name="I_syn", exact=True).click()
            page.wait_for_timeout(1500)
            psc, traces = rows
            rows[psc].append(measure(page, "psc", None, "tau_syn_fast (ms)"))
            rows[traces].append(measure(page, "injected", "I", "amplitude[0] (pA)"))
            page.context.close()
        browser.close()
    print(
        "| while a slider is dragged | p50 (ms) | p95 (ms) | drain (ms) | pictures a second | "
        "most unpainted |"
    )
    print("|---|---|---|---|---|---|")
    for name, found in rows.items():
        middle = _middle(map(_numbers, found))
        print(f"| {name} | {' | '.join(f'{value:.0f}' for value in middle)} |")
    print("\n| opening the page | usable, s | whole, s | one slider, s |\n|---|---|---|---|")
    for name, ours, empty in (
        ("the first visitor after the server's start", first, empty_first),
        (f"later ones, median of {ROUNDS}", *map(_middle, (later, empty_later))),
    ):
        print(f"| {name} | {ours[0]:.1f} | {ours[1]:.1f} | {empty[0]:.1f} |")


def _middle(found):
    return [median(values) for values in zip(*found, strict=True)]


def _numbers(found):
    ages, drain, rate, most = found
    return float(np.median(ages)), float(np.percentile(ages, 95)), drain, rate, most


if __name__ == "__main__":
    main()
