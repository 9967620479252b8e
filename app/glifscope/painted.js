// Answers each picture's number once its frame is painted.
//
// Bokeh paints in the next animation frame after its data has changed; a message that is posted in
// that frame arrives after it.
export function render({ model }) {
  const painted = new MessageChannel();
  painted.port1.onmessage = ({ data: number }) => {
    if (number > model.painted) model.painted = number;
  };
  model.on("sent", () => {
    const number = model.sent;
    requestAnimationFrame(() => painted.port2.postMessage(number));
  });
  const nothing = document.createElement("span");
  nothing.hidden = true;
  return nothing;
}
