"""The page as a whole, without a browser."""

import gc
import weakref

from bokeh.document import Document
from glifscope import Dashboard


def test_a_page_that_is_closed_leaves_nothing_behind():
    def visit():
        dashboard = Dashboard()
        page = dashboard.page()
        root = page.get_root(Document())
        page._cleanup(root)
        return weakref.ref(page), weakref.ref(dashboard)

    for reference in visit():
        gc.collect()
        assert reference() is None
