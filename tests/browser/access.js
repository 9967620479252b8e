// What test_access.py asks of the page, beside axe-core: the plots, which are canvases, and the keyboard.
const access = (() => {
  const visible = (e) => e.checkVisibility({ visibilityProperty: true });
  const all = (selector, root = document) => [...root.querySelectorAll("*")].flatMap((e) => [
    ...(e.matches(selector) ? [e] : []),
    ...(e.shadowRoot ? all(selector, e.shadowRoot) : []),
  ]);
  const told = (e) => e.outerHTML.slice(0, 200);

  // Plots
  const figures = () => [...Bokeh.documents[0].all_models].filter(({ type, id }) => {
    const view = type === "Figure" && Bokeh.index.find_one_by_id(id);
    return view && visible(view.el);
  });
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const luminance = (...layers) => {
    for (const colour of layers) {
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
    }
    const linear = [...brush.getImageData(0, 0, 1, 1).data].map((c) =>
      c <= 0.04045 * 255 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (colour, page) => {
    const [a, b] = [luminance(page, colour), luminance(page)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const unread = () => figures().flatMap((figure) => {
    const axes = [...figure.left, ...figure.right, ...figure.above, ...figure.below];
    const drawn = [...figure.center, ...figure.renderers.map(({ glyph }) => glyph)];
    const colours = [
      ...axes.flatMap((axis) => [axis.major_label_text_color, axis.axis_label_text_color]),
      ...drawn.map((model) => model?.text_color?.value ?? model?.text_color),
    ];
    return colours
      .filter((colour) => colour && contrast(colour, figure.border_fill_color) < 4.5)
      .map((colour) => `${figure.name}: ${JSON.stringify(colour)}`);
  });
  const unnamedPlots = () => figures()
    .filter(({ id }) => {
      const { events_el } = Bokeh.index.find_one_by_id(id).canvas_view;
      return !["img", "application"].includes(events_el.role) || !/\w/.test(events_el.ariaLabel ?? "");
    })
    .map(({ name }) => name);

  // Keys
  const CONTROLS = "button, input, select, textarea, summary, a[href], [tabindex]";
  // Where arrows lead on from the control that Tab comes to, or it does what the others do.
  const GROUPS = "[role=group], [role=radiogroup], [role=grid], table, label, .MuiAutocomplete-root";
  const off = (e) => e.disabled || e.ariaDisabled === "true" || e.closest("[aria-hidden=true]") ||
    e.role === "img" || !visible(e);
  const focused = () => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    return e;
  };
  const LOOKS = ["outlineStyle", "outlineWidth", "boxShadow", "borderColor", "borderWidth",
    "backgroundColor", "transform", "opacity"];
  const look = (e) => [e, e.parentElement, ...(e.parentElement?.children ?? [])].flatMap((part) =>
    [null, "::before", "::after"].map((pseudo) => {
      const style = part ? getComputedStyle(part, pseudo) : {};
      return LOOKS.map((name) => style[name]).join();
    })).join("|");
  const reached = new Map(); // each control, and how it looked when it had the keys
  const walk = () => {
    document.body.tabIndex = -1;
    document.body.focus(); // whence the first Tab comes to the first control
    document.body.removeAttribute("tabindex");
    reached.clear();
    document.addEventListener("keydown", () => {
      const e = focused();
      if (e && e !== document.body && !reached.has(e)) reached.set(e, look(e));
    }, true);
  };
  const isOver = () => {
    const e = focused();
    return !e || e === document.body || reached.has(e);
  };
  const inReachedGroup = (e) => {
    const group = e.tabIndex < 0 && e.closest(GROUPS);
    return group && [...reached.keys()].some((one) => group.contains(one));
  };
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const isSeen = async (e) => {
    e.focus();
    await frames();
    const seen = look(e);
    e.blur();
    await frames();
    return look(e) !== seen;
  };
  // Once what is seen keeps its colours, which follow a change of the theme one after the other.
  const settled = async () => {
    const colours = () => all("button, label, p, h2, dt, input").filter(visible).map((e) => {
      const { color, backgroundColor } = getComputedStyle(e);
      return color + backgroundColor;
    }).join();
    for (let [before, now, same] = ["", colours(), 0]; same < 2; [before, now] = [now, colours()]) {
      same = before === now ? same + 1 : 0;
      await new Promise((done) => setTimeout(done, 60));
    }
  };
  return {
    unread, unnamedPlots, walk, isOver, settled,
    told: async () => {
      focused().blur();
      await frames();
      const unseen = [];
      for (const [e, seen] of reached) // where a key came sooner than the frame, look once more
        if (visible(e) && look(e) === seen && !(await isSeen(e))) unseen.push(told(e));
      return {
        reached: [...reached.keys()].map(told),
        missed: all(CONTROLS).filter((e) => !off(e) && !reached.has(e) && !inReachedGroup(e)).map(told),
        unseen,
      };
    },
  };
})();
globalThis.access = access;
