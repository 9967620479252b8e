"""The page that `panel serve app` serves; everything else is in the package glifscope."""

import panel as pn
from glifscope import Dashboard
from glifscope.trouble import caught

pn.extension(reconnect=True, notifications=True, exception_handler=caught)
Dashboard().page().servable(title="Glifscope")
