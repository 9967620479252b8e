// Names and roles for what panel-material-ui 0.16 leaves without: the entry and the arrows beside
// a slider, the marks that explain a control, the empty progress bar, headings out of order.
function giveNames(root) {
  const set = (element, values) => {
    for (const [name, value] of Object.entries(values)) element?.setAttribute(name, value);
  };
  const label = root.querySelector(".MuiFormLabel-root")?.textContent.replace(/:\s*$/, "");
  if (label && root.querySelector(".MuiSlider-root")) {
    set(root.querySelector("input[type=text]"), { "aria-label": `${label}, exact` });
  }
  const [up, down] = root.querySelectorAll(".MuiInputAdornment-root button");
  if (label && up && down) {
    set(up, { "aria-label": `Raise ${label}` });
    set(down, { "aria-label": `Lower ${label}` });
  }
  root.querySelectorAll("span[aria-label]:not([role])").forEach((e) => set(e, { role: "img" }));
  root.querySelectorAll("[aria-label='Resize sidebar']").forEach((e) => set(e, { role: "separator" }));
  root.querySelectorAll("[role=progressbar]").forEach((e) => set(e, { "aria-label": "Progress" }));
  root.querySelectorAll("h6.title").forEach((e) => set(e, { role: "presentation" }));
  root.querySelectorAll("h3.title").forEach((e) => set(e, { "aria-level": "1" }));
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
