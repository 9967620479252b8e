// Answers a picture's number once its frame is painted.
//
// Bokeh paints in the next animation frame after its data has changed; a message that is posted in
// that frame arrives after it. A hidden page has no frames, and answers without.
const number = cb_obj.sent;
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  port1.close();
  if (number > cb_obj.painted) cb_obj.painted = number;
};
if (document.hidden) port2.postMessage(0);
else requestAnimationFrame(() => port2.postMessage(0));
