// Text that changes with every picture: it is put in place without laying the page out anew.
export function render({ model }) {
  const box = document.createElement("div");
  box.innerHTML = model.text;
  model.on("text", () => { box.innerHTML = model.text; });
  return box;
}
