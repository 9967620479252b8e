// Ctrl+Z and Ctrl+Y, with Cmd on a Mac, press the page's own buttons. In a field for text the keys are
// the browser's: they undo what was typed.
{
  const NAMES = { z: "Undo", y: "Redo" };
  const isText = (element) => element?.matches("input:not([type=range]), textarea, [contenteditable]");
  const button = (root, name) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches(`button[aria-label^="${name} ("]`)) return element;
      const found = element.shadowRoot && button(element.shadowRoot, name);
      if (found) return found;
    }
  };
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !(key in NAMES)) return;
    if (isText(glifscope.focused())) return;
    event.preventDefault();
    button(document, key === "z" && event.shiftKey ? NAMES.y : NAMES[key])?.click();
  });
}
