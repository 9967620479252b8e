"""The V1 synapse explorer in a real browser: a tile, a point, and onto the neuron and back."""

import re

import numpy as np
from playwright.sync_api import expect

from glifcore import load_synapse, psc_waveform

# Where a glyph of a HoloViews plot is on the screen: its middle, by the title of its hover.
_PLACE = """([figure, title]) => {
  const plot = Bokeh.documents[0].get_model_by_name(figure);
  const view = Bokeh.index.find_one(plot);
  const { x, y, left, right, top, bottom, title: titles } = plot.renderers[0].data_source.data;
  const at = Array.from(titles).indexOf(title);
  view.el.scrollIntoView({ block: "center" });
  const box = view.el.getBoundingClientRect();
  const across = x ? x[at] : (left[at] + right[at]) / 2;
  const up = y ? y[at] : (top[at] + bottom[at]) / 2;
  return [box.x + view.frame.x_scale.compute(across), box.y + view.frame.y_scale.compute(up)];
}"""


def test_a_class_is_found_by_its_tile_or_point_and_goes_onto_the_neuron(glifscope):
    page = glifscope.page
    page.locator("header").get_by_role("button", name="Synapse", exact=True).click()
    page.get_by_role("button", name="V1 synapses").click()
    page.get_by_role("heading", name="e4 → pv").wait_for()
    expect(page.get_by_text("Every class a tile")).to_be_visible()

    def click(figure, title, taken):
        page.wait_for_timeout(300)  # the page may still be laying itself out
        page.mouse.click(*page.evaluate(_PLACE, [figure, title]))
        expect(page.get_by_role("heading", name=taken)).to_be_visible()

    click("synapses-heat-map", "pv → e4", "pv → e4")
    expect(page.get_by_role("combobox", name="Presynaptic class")).to_have_text("pv, parvalbumin")
    glifscope.type("weight, without sign", 50)

    def drawn():
        psc = glifscope.source("synapse-psc")
        expected = psc_waveform(load_synapse("pv_to_e4").shape._replace(weight=-50.0), psc["t"])
        np.testing.assert_allclose(psc["total"], expected, atol=1e-6)

    glifscope.wait_until(drawn)
    page.get_by_role("button", name="Put it on port 0 of the neuron").click()
    expect(page.get_by_text("Port 0 has this synapse, at this weight.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(re.compile("takes the place of the synapse on port 0"))).to_be_visible()

    # Two classes share this point.
    for taken in ("vip → vip", "vip → inh"):
        click("synapses-scatter", "vip → vip", taken)
