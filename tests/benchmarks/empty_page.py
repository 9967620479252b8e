"""The least that a page of panel-material-ui is: one slider. Served to compare with ours."""

import panel as pn
import panel_material_ui as pmui

pn.extension()
slider = pmui.FloatSlider(label="tau_syn_fast", start=0.0, end=10.0, value=2.0)
pmui.Page(title="Empty", main=[slider]).servable()
