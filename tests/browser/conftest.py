"""A real server and a real Chromium; a page that reports an error or leaves the host fails."""

import numpy as np
import pytest

from tests.served import QUIET, ROOT, chromium, served


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": chromium(), "args": QUIET}


@pytest.fixture(scope="session")
def server_url(tmp_path_factory):
    """The address of the page."""
    log = tmp_path_factory.mktemp("server") / "log"
    with served(log) as url:
        yield url
    # A page that closes in the middle of a message leaves a traceback of Tornado's; none is ours.
    said = log.read_text()
    assert f"{ROOT}/app" not in said and f"{ROOT}/glifcore" not in said, said


class Glifscope:
    """The open page: its sliders by name, and what its plots hold."""

    def __init__(self, page):
        self.page = page

    def slider(self, name):
        return self.page.get_by_role("slider", name=name)

    def entry(self, name):
        """The field for an exact value, which stands beside the slider."""
        return self.slider(name).locator(
            "xpath=ancestor::div[contains(@class, 'MuiFormControl-root')][1]//input[@type='text']"
        )

    def value(self, name):
        return float(self.slider(name).get_attribute("aria-valuenow"))

    def type(self, name, value):
        field = self.entry(name)
        field.click()  # panel-material-ui writes the old number once more when the field is entered
        self.page.wait_for_timeout(100)
        field.fill(str(value))
        field.press("Enter")

    def drag(self, name, *shares):
        """Take the slider's thumb to these shares of its track, one after the other."""
        thumb = self.slider(name)
        track = thumb.locator("xpath=ancestor::span[contains(@class, 'MuiSlider-root')]")
        thumb.scroll_into_view_if_needed()
        handle, box = thumb.locator("..").bounding_box(), track.bounding_box()
        y = handle["y"] + handle["height"] / 2
        self.page.mouse.move(handle["x"] + handle["width"] / 2, y)
        self.page.mouse.down()
        for share in shares:
            self.page.mouse.move(box["x"] + share * box["width"], y)
            yield
        self.page.mouse.up()

    def source(self, name):
        """The columns of a plot's data, as the page holds them now."""
        columns = self.page.evaluate(
            """name => Object.fromEntries(
                Object.entries(Bokeh.documents[0].get_model_by_name(name).data)
                      .map(([key, values]) => [key, Array.from(values)]))""",
            name,
        )
        return {key: np.array(values) for key, values in columns.items()}

    def unpainted(self):
        """Pictures that were sent and not yet answered."""
        return self.page.evaluate(
            """() => { for (const m of Bokeh.documents[0].all_models)
                 if (m.name === "picture-numbers") return m.sent - m.painted; }"""
        )

    def pictures(self):
        """How many pictures came."""
        return self.page.evaluate(
            """() => [...Bokeh.documents[0].all_models]
                .reduce((sum, m) => sum + (m.name === "picture-numbers" ? m.sent : 0), 0)"""
        )

    def wait_until(self, claim):
        """Wait until an assertion holds; the last failure is raised after ten seconds."""
        for _ in range(100):
            try:
                return claim()
            except AssertionError:
                self.page.wait_for_timeout(100)
        return claim()


def opened(page, url, width, height):
    """The page of this size, idle; and what goes wrong on it, which is to stay empty."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on(
        "console", lambda message: wrong.append(message.text) if message.type == "error" else None
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
            else wrong.append(f"left the host: {request.url}")
        ),
    )
    page.set_viewport_size({"width": width, "height": height})
    page.goto(url)
    page.wait_for_function("window.Bokeh?.documents?.[0]?.is_idle")
    page.get_by_text("Spike autopsy").wait_for()  # which comes last
    return Glifscope(page), wrong


@pytest.fixture
def glifscope(page, server_url):
    """The page, opened and idle."""
    opened_page, wrong = opened(page, server_url, 1440, 900)
    yield opened_page
    assert wrong == []


@pytest.fixture
def narrow(page, server_url):
    """The page on a telephone."""
    opened_page, wrong = opened(page, server_url, 390, 844)
    yield opened_page
    assert wrong == []
