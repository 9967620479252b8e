// Keeps a text in this browser, so that it is there when the page is opened again.
export function render({ model }) {
  const KEY = "glifscope.snapshots";
  try {
    const kept = localStorage.getItem(KEY);
    if (kept) model.text = kept;
    model.on("text", () => localStorage.setItem(KEY, model.text));
  } catch { /* a browser that keeps nothing: snapshots last as long as the page */ }
  const nothing = document.createElement("span");
  nothing.hidden = true;
  return nothing;
}
