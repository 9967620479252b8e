// Ctrl+Z and Ctrl+Y, with Cmd on a Mac, press the page's own buttons. In a field for text the keys are
// the browser's: they undo what was typed, until Enter has handed it to the page.
{
  const NAMES = { z: "Undo", y: "Redo" };
  const OTHERS = ["range", "checkbox", "radio", "button", "file"].map((type) => `[type=${type}]`).join();
  let entered = {};
  const isTyped = (element) =>
    element?.matches(`input:not(${OTHERS}), textarea, [contenteditable]`) &&
    !(entered.element === element && entered.value === element.value);
  const button = (root, name) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches(`button[aria-label^="${name} ("]`)) return element;
      const found = element.shadowRoot && button(element.shadowRoot, name);
      if (found) return found;
    }
  };
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (key === "enter") entered = { element: glifscope.focused(), value: glifscope.focused()?.value };
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !(key in NAMES)) return;
    if (isTyped(glifscope.focused())) return;
    event.preventDefault();
    button(document, key === "z" && event.shiftKey ? NAMES.y : NAMES[key])?.click();
  });
}
