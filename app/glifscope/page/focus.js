// Where the keyboard is can be seen: panel-material-ui has but a shade for it, which is hardly there on
// a button that is coloured. React's elements and plots live in shadow trees, each of which needs the rule.
// And which element has it, in whatever shadow tree, other scripts here want to know.
{
  glifscope.focused = (root = document) => {
    const { activeElement } = root;
    return activeElement?.shadowRoot ? glifscope.focused(activeElement.shadowRoot) : activeElement;
  };
  const rule = new CSSStyleSheet();
  const ring = "outline: 2px solid var(--mui-palette-text-primary, currentColor) !important;";
  rule.replaceSync(`
    button:focus-visible, a:focus-visible, summary:focus-visible, [tabindex]:focus-visible,
    .Mui-focusVisible { ${ring} outline-offset: 1px; }
    .MuiAccordionSummary-root:focus-visible, .bk-events:focus-visible { outline-offset: -2px; }
    .MuiSwitch-switchBase.Mui-focusVisible { outline-offset: -7px; }
    [role=combobox]:focus-visible, .MuiSlider-thumb input { outline: none !important; }`);
  glifscope.ring = (root) => {
    const sheets = root?.adoptedStyleSheets;
    if (sheets && !sheets.includes(rule)) sheets.push(rule);
  };
  glifscope.ring(document);
  const component = glifscope.owner("panel.models.esm.ReactComponent", "render");
  if (component) {
    const render = component.render;
    component.render = function () {
      render.call(this);
      glifscope.ring(this.shadow_el);
    };
    glifscope.found.push("focus");
  }
}
