// What every visible trace is at the time under the pointer.
//
// Arguments: `readout`, the Div to write into; `sources`, `columns`, `labels`, `units` and `digits`,
// parallel lists: one entry for each number that is read out. Called with `cb_obj`, a pointer event; or
// with a source whose data changed, to make room for the longest of what will be read out, lest the
// plots jump away under the pointer.
const pointed = cb_obj.x !== undefined;
const at = pointed ? cb_obj.x : 0;
const indexAt = (times) => {
  let [low, high] = [0, times.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= at) low = middle;
    else high = middle;
  }
  return at - times[low] <= times[high] - at ? low : high;
};
const number = (value, digits) => (pointed ? value : -111).toFixed(digits).replace("-", "\u2212");
const entry = (label, text) => `<div><dt>${label}</dt><dd>${text}</dd></div>`;
let time = null;
const entries = [];
const found = new Map();
labels.forEach((label, i) => {
  const values = sources[i].data[columns[i]];
  const times = sources[i].data.t;
  if (values === undefined || !times.length || values.length !== times.length) return;
  if (!found.has(sources[i])) found.set(sources[i], indexAt(times));
  const index = found.get(sources[i]);
  if (Number.isNaN(values[index])) return;
  time ??= times[index];
  entries.push(entry(label, `${number(values[index], digits[i])} ${units[i]}`));
});
// Written where it is shown: a change of the model would lay the whole page out anew.
const place = Bokeh.index.find_one(readout)?.shadow_el.querySelector(".bk-clearfix");
if (time !== null && place && (pointed || entries.length !== place.room)) {
  const shown = place.innerHTML;
  place.innerHTML = `<dl class="cursor">${entry("time", `${time.toFixed(1)} ms`)}${entries.join("")}</dl>`;
  if (!pointed) {
    place.room = entries.length;
    place.style.minHeight = "";
    place.style.minHeight = `${place.offsetHeight}px`;
    place.innerHTML = shown;
  }
}
