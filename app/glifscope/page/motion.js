// Nothing moves by itself for those who asked their system for less motion; React's elements live in
// shadow trees, each of which needs the rule.
{
  const still = new CSSStyleSheet();
  still.replaceSync(`@media (prefers-reduced-motion: reduce) {
    *, ::before, ::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 0.01ms !important;
    }
  }`);
  document.adoptedStyleSheets.push(still);
  const component = glifscope.owner("panel.models.esm.ReactComponent", "render");
  if (component) {
    const render = component.render;
    component.render = function () {
      render.call(this);
      const sheets = this.shadow_el?.adoptedStyleSheets;
      if (sheets && !sheets.includes(still)) sheets.push(still);
    };
    glifscope.found.push("motion");
  }
}
