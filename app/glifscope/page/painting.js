// Each time it paints a plot, Bokeh asks for some fifty CSS variables that nothing here sets, for
// the size of the page's type, and whether the labels of an axis still need the same room; and it
// writes into a style sheet where the data of each line lie, for an element that shows nothing.
// Each time the browser settles the styles of the whole page. Here there are no such variables,
// the type keeps its size, a plot whose borders are set keeps its room, lines are painted only,
// and a style sheet that says the same stays as it is.
{
  const plot = glifscope.owner("Plot", "_invalidate_layout_if_needed");
  const type = glifscope.owner("Plot", "base_font_size");
  const visual = Bokeh.loader["@bokehjs/core/visuals/visual"].VisualProperties?.prototype;
  const lines = Bokeh.Models.get("GlyphRenderer").prototype.default_view.prototype;
  const sheet = Bokeh.loader["@bokehjs/core/dom"].InlineStyleSheet?.prototype;
  if (plot && type && visual?._get_css_value && lines.update_position && sheet?._update) {
    visual._get_css_value = () => "";
    lines.update_position = () => {};
    sheet._update = function (css) {
      if (this.el.textContent !== css) this.el.textContent = css;
    };
    const { get } = Object.getOwnPropertyDescriptor(type, "base_font_size");
    Object.defineProperty(type, "base_font_size", {
      get() { return (this.typeSize ??= get.call(this)); },
    });
    const invalidate = plot._invalidate_layout_if_needed;
    plot._invalidate_layout_if_needed = function () {
      if (this._needs_layout || this.model.min_border_left === null) invalidate.call(this);
    };
    glifscope.found.push("painting");
  }
}
