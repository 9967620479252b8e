"""The page that `panel serve app` serves; everything else is in the package glifscope."""

import panel as pn
from glifscope import Dashboard

pn.extension(reconnect=True)
Dashboard().page().servable(title="Glifscope")
