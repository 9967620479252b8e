// Names and roles for what panel-material-ui 0.16 leaves without: the entry and the arrows beside
// a slider, the marks that explain a control, the empty progress bar, drawers, headings out of order.
function giveNames(root) {
  const set = (element, values) => {
    for (const [name, value] of Object.entries(values)) element?.setAttribute(name, value);
  };
  const label = root.querySelector(".MuiFormLabel-root")?.textContent.replace(/:\s*$/, "");
  const thumbs = root.querySelectorAll(".MuiSlider-root input");
  const ends = thumbs.length > 1 ? [", start", ", end"] : [""]; // of a range
  if (label && ends.length > 1) {
    thumbs.forEach((thumb, i) => set(thumb, { "aria-label": `${label}${ends[i]}` }));
  }
  (label ? root.querySelectorAll(".MuiTextField-root") : []).forEach((field, i) => {
    const name = `${label}${ends[i] ?? ""}`;
    if (thumbs.length) set(field.querySelector("input"), { "aria-label": `${name}, exact` });
    const buttons = [...field.querySelectorAll(".MuiInputAdornment-root button")];
    if (buttons.length !== 2) return;
    if (field.querySelector(".MuiInputAdornment-positionStart")) buttons.reverse(); // minus, plus
    set(buttons[0], { "aria-label": `Raise ${name}` });
    set(buttons[1], { "aria-label": `Lower ${name}` });
  });
  root.querySelectorAll("span[aria-label]:not([role])").forEach((e) => set(e, { role: "img" }));
  root.querySelectorAll("[aria-label='Resize sidebar']").forEach((e) => set(e, { role: "separator" }));
  root.querySelectorAll("[role=progressbar]").forEach((e) => set(e, { "aria-label": "Progress" }));
  root.querySelectorAll("h6.title").forEach((e) => set(e, { role: "presentation" }));
  root.querySelectorAll("h3.title").forEach((e) => {
    set(e, { "aria-level": "1" });
    set(e.closest("a"), { "aria-label": e.textContent }); // on a narrow page it is not seen
  });
  root.querySelectorAll("[role=dialog]").forEach((e) => {
    const heads = [...e.querySelectorAll("*")].map((part) => part.shadowRoot?.querySelector("h2"));
    const name = e.classList.contains("sidebar") ? "Controls" : heads.find(Boolean)?.textContent;
    set(e, { "aria-label": name ?? "Drawer" });
  });
  root.querySelectorAll("h5").forEach((e) => set(e, { "aria-hidden": "true" }));
}
{
  const component = glifscope.owner("panel.models.esm.ReactComponent", "render");
  if (component) {
    const render = component.render;
    component.render = function () {
      render.call(this);
      // Whatever React builds in there, now or when the theme changes, is named.
      const root = this.shadow_el;
      if (root && !root.named) {
        root.named = new MutationObserver(() => giveNames(root));
        root.named.observe(root, { childList: true, subtree: true });
      }
    };
    glifscope.found.push("names");
  }
}
