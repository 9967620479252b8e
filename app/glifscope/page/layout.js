// Bokeh lays the whole page out anew for every element that reports its first size, and Panel for
// every React component that is mounted: some fifty times while this page opens, one after the
// other. Here what is asked for within one turn of the event loop is done once.
{
  const waiting = { compute_layout: new Set(), invalidate_layout: new Set() };
  let due = false;
  const flush = () => {
    due = false;
    const done = new Set();
    for (const how of ["invalidate_layout", "compute_layout"]) {
      const views = [...waiting[how]];
      waiting[how].clear();
      for (const view of views) {
        if (view.el.isConnected && !view.is_destroyed && !done.has(view)) view[how]();
        done.add(view);
      }
    }
  };
  const later = (view, how) => {
    while (view.is_managed) view = view.parent;
    waiting[how].add(view);
    if (!due) setTimeout(flush, 0);
    due = true;
  };
  const layout = glifscope.owner("Column", "_after_resize");
  const react = glifscope.owner("panel.models.esm.ReactComponent", "_on_mounted");
  if (layout && react) {
    const resize = layout._after_resize;
    layout._after_resize = function () {
      if (this.is_layout_root && !this._was_built) resize.call(this);
      else later(this, "compute_layout");
    };
    react._on_mounted = function () {
      later(this, "invalidate_layout");
      this.mounted = true;
    };
    glifscope.found.push("layout");
  }
}
