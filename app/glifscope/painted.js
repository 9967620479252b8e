// Answers each picture's number after the frame that shows it.
//
// Bokeh paints in the next animation frame after its data has changed; the frame after that one
// begins once the picture is on the screen.
export function render({ model }) {
  model.on("sent", () => {
    const number = model.sent;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (number > model.painted) model.painted = number;
    }));
  });
  const nothing = document.createElement("span");
  nothing.hidden = true;
  return nothing;
}
