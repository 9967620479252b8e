"""Take the README's pictures from the real page: `python -m assets.make_pictures`."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.served import QUIET, chromium, served

HERE = Path(__file__).parent
WIDE = {"width": 1440, "height": 1000}
FRAMES = 30


def show(page: Page, url: str, query: str, dark: bool = False) -> None:
    """Open the page with a query, and let it settle."""
    page.goto(f"{url}?v=1&{query}")
    page.wait_for_function("window.Bokeh?.documents?.[0]?.is_idle")
    page.get_by_role("button", name="Copy the link").wait_for()
    if dark:
        page.get_by_role("button", name="Toggle theme").click()
    page.wait_for_timeout(4000)


def neuron(page: Page, url: str) -> None:
    """A spike taken apart, with a pinned run behind it."""
    show(
        page,
        url,
        "workspace=Neuron&cell=467003163&level=GLIF5&spike=3&g=6.2"
        "&pinned=cell%3D467003163%26level%3DGLIF5",
    )
    page.mouse.move(1150, 500)
    page.wait_for_timeout(500)


def cells(page: Page, url: str) -> None:
    """The atlas, in the dark, with a cell that is looked at."""
    show(page, url, "workspace=Cells&cell=515305346", dark=True)
    page.get_by_text("515305346").first.click()
    page.wait_for_timeout(2500)


def synapses(page: Page, url: str) -> None:
    """The connections of mouse V1."""
    show(page, url, "workspace=Synapse")
    page.get_by_role("button", name="V1 synapses").click()
    page.wait_for_timeout(6000)


def workshop(page: Page, url: str) -> None:
    """A recording with its fit."""
    show(page, url, "workspace=Synapse")
    page.get_by_role("button", name="Granule cell mEPSC (mean of 43)").click()
    page.wait_for_timeout(5000)
    page.get_by_role("button", name="Fit", exact=True).click()
    page.wait_for_timeout(5000)


def drag(page: Page, url: str) -> None:
    """The slow time constant under the pointer, as a short animation."""
    show(page, url, "workspace=Neuron&cell=nest_default&level=GLIF5&weight=180")
    thumb = page.get_by_role("slider", name="tau_syn_slow (ms)")
    track = thumb.locator("xpath=ancestor::span[contains(@class, 'MuiSlider-root')]")
    handle, box = thumb.locator("..").bounding_box(), track.bounding_box()
    assert handle and box
    y = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, y)
    page.mouse.down()
    frames = []
    for share in 0.26 - 0.18 * np.cos(2.0 * np.pi * np.arange(FRAMES) / FRAMES):
        page.mouse.move(box["x"] + share * box["width"], y)
        page.wait_for_timeout(350)
        shot = Image.open(io.BytesIO(page.screenshot()))
        frames.append(shot.resize((960, 667), Image.Resampling.LANCZOS).convert("RGB"))
    page.mouse.up()
    # One palette for all, which holds the colours of thin lines too.
    palette = frames[len(frames) // 2].quantize(256, method=Image.Quantize.FASTOCTREE)
    small = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    small[0].save(
        HERE / "drag.gif",
        save_all=True,
        append_images=small[1:],
        duration=90,
        loop=0,
        optimize=True,
    )


def main() -> None:
    """Write every picture beside this file."""
    with (
        TemporaryDirectory() as folder,
        served(Path(folder) / "log") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        for name, arrange in {
            "neuron-light.png": neuron,
            "cells-dark.png": cells,
            "synapses-light.png": synapses,
            "workshop-light.png": workshop,
        }.items():
            page = browser.new_context(viewport=WIDE).new_page()
            arrange(page, url)
            page.screenshot(path=HERE / name)
            page.context.close()
        page = browser.new_context(viewport=WIDE).new_page()
        drag(page, url)
        browser.close()


if __name__ == "__main__":
    main()
