// A plot is a canvas: it says nothing to a screen reader, and its tools are for the pointer only. Here
// it has a name, of the title of its card and of its axes; and where its tools pan and zoom, keys do.
{
  const PAUSE_MS = 400; // labels may change with any picture, but need not be looked at with each
  const SHARE = 0.1; // of what is seen, by which a key moves
  const KEYS = "arrows pan, plus and minus zoom, Home shows all";
  const seen = new Set();
  const waiting = new Set();

  const titleOf = (el) => {
    for (let at = el; at; at = at.parentElement ?? at.getRootNode().host)
      for (const near of at.parentNode?.children ?? []) {
        const title = near.shadowRoot?.querySelector("h2.card-title");
        if (title) return title.textContent;
      }
    return "";
  };
  const labelOf = (axes) => axes.find((axis) => axis.axis_label)?.axis_label;
  const belowOf = ({ model }) => labelOf([...model.below, ...model.above]);
  const nameOf = (view) => {
    const { name, left, right, x_range } = view.model;
    const title = titleOf(view.el);
    const words = (name ?? "").replace(/-figure$/, "").replaceAll("-", " ");
    const up = labelOf([...left, ...right]) ?? (title.toLowerCase().includes(words) ? "" : words);
    // Of plots above each other, only the lowest says what they share.
    const across = belowOf(view) ?? belowOf([...seen].find((v) => v.model.x_range === x_range && belowOf(v)) ?? view);
    return [title, [up, across].filter(Boolean).join(" over ")].filter(Boolean).join(": ");
  };
  const give = () => {
    for (const view of seen) if (view.is_destroyed) seen.delete(view);
    for (const view of waiting) {
      const { events_el } = view.canvas_view;
      const name = nameOf(view);
      if (seen.has(view) && events_el.ariaLabel !== name) events_el.ariaLabel = name;
    }
    waiting.clear();
  };

  const moved = ({ start, end }, by, zoom) => {
    const [step, room] = [by * (end - start), zoom * (end - start)];
    return { start: start + step - room, end: end + step + room };
  };
  const MOVES = {
    ArrowLeft: [-SHARE, 0, 0], ArrowRight: [SHARE, 0, 0],
    ArrowDown: [0, -SHARE, 0], ArrowUp: [0, SHARE, 0],
    "+": [0, 0, -SHARE], "-": [0, 0, SHARE],
  };
  const listen = (view, dimensions) => {
    const { x_range, y_range } = view.model;
    view.canvas_view.events_el.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const [across, up, zoom] = MOVES[event.key] ?? [];
      if (event.key === "Home") view.reset();
      else if (zoom === undefined || (up && dimensions !== "both")) return;
      else {
        const xrs = new Map([[x_range, moved(x_range, across, zoom)]]);
        const yrs = new Map(dimensions === "both" ? [[y_range, moved(y_range, up, zoom)]] : []);
        view.update_range({ xrs, yrs }, { panning: !zoom, scrolling: !!zoom });
      }
      event.preventDefault();
    });
  };
  const begin = (view) => {
    const { events_el } = view.canvas_view;
    const { tools } = view.model.toolbar;
    const pan = view.model.toolbar_location && tools.find((tool) => tool.type === "PanTool");
    seen.add(view);
    events_el.role = pan ? "application" : "img";
    events_el.tabIndex = pan ? 0 : -1;
    if (pan) {
      events_el.ariaRoleDescription = `plot; ${KEYS}`;
      listen(view, pan.dimensions);
    }
    glifscope.ring(view.canvas_view.shadow_el);
  };

  const plot = glifscope.owner("Plot", "paint");
  if (plot?.update_range && plot.reset) {
    const paint = plot.paint;
    plot.paint = function (...given) {
      paint.apply(this, given);
      if (!this.canvas_view?.events_el) return;
      if (!seen.has(this)) begin(this);
      if (!waiting.size) setTimeout(give, PAUSE_MS);
      waiting.add(this);
    };
    glifscope.found.push("plots");
  }
}
