// What every visible trace is at the time under the pointer, or where keys have taken the line.
//
// Arguments: `readout`, the Div to write into; `line`, the line through the plots; `range`, of their
// times; `sources`, `columns`, `labels`, `units` and `digits`, parallel lists: one entry for each number that is read out. Called with
// `cb_obj`, a pointer event; or with a source whose data changed or a plot that was laid out, to make room
// for the longest of what will be read out, lest the plots jump away under the pointer. Until the line is
// moved, what is read out is what stands at its left end.
const pointed = cb_obj.x !== undefined;
const indexAt = (times, at) => {
  let [low, high] = [0, times.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= at) low = middle;
    else high = middle;
  }
  return at - times[low] <= times[high] - at ? low : high;
};
const minus = (text) => text.replace("-", "\u2212");
// The time that is nearest to this one, and what is read out there: each label with its text.
const readAt = (at, write) => {
  let time = null;
  const entries = [];
  const found = new Map();
  labels.forEach((label, i) => {
    const values = sources[i].data[columns[i]];
    const times = sources[i].data.t;
    if (values === undefined || !times.length || values.length !== times.length) return;
    if (!found.has(sources[i])) found.set(sources[i], indexAt(times, at));
    const index = found.get(sources[i]);
    if (Number.isNaN(values[index])) return;
    time ??= times[index];
    entries.push([label, `${write(values[index], digits[i])} ${units[i]}`]);
  });
  return { time, entries: [["time", `${(time ?? 0).toFixed(1)} ms`], ...entries] };
};
const exact = (value, digits) => minus(value.toFixed(digits).replace(/^-(?=[0.]*$)/, ""));
const widest = (value, digits) => minus((-111).toFixed(digits));
// Written where it is shown: a change of the model would lay the whole page out anew.
const place = Bokeh.index.find_one(readout)?.shadow_el.querySelector(".bk-clearfix");
const show = (entries, hint = "") => {
  const items = entries.map(([label, text]) => `<div><dt>${label}</dt><dd>${text}</dd></div>`);
  const text = `${hint}<dl class="cursor">${items.join("")}</dl>`;
  if (place.shown !== text) place.innerHTML = place.shown = text;
};

// The readout is a slider of the times that are seen, for keys and screen readers.
const times = () => {
  const all = sources.find((source, i) => source.data[columns[i]] && source.data.t.length)?.data.t ?? [];
  return all.filter((t) => t >= range.start && t <= range.end);
};
const tell = () => {
  const all = times();
  if (!all.length) return;
  const { time, entries } = readAt(place.at ?? all[0], exact);
  show(entries, place.at === undefined ? place.hint : "");
  place.setAttribute("aria-valuemin", all[0].toFixed(1));
  place.setAttribute("aria-valuemax", all[all.length - 1].toFixed(1));
  place.setAttribute("aria-valuenow", time.toFixed(1));
  place.setAttribute("aria-valuetext", entries.map((entry) => entry.join(" ")).join(", "));
};
const step = (event) => {
  const all = times();
  const last = all.length - 1;
  const now = place.at === undefined ? -1 : indexAt(all, place.at);
  const by = event.shiftKey ? 10 : 1;
  const [back, on] = [now - by, now + by];
  const keys = { ArrowLeft: back, ArrowDown: back, ArrowRight: on, ArrowUp: on, Home: 0, End: last };
  const next = keys[event.key];
  if (next === undefined || last < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  place.at = line.location = all[Math.min(Math.max(next, 0), last)];
  tell();
};
if (place) place.hint ??= place.innerHTML;
if (place && place.role !== "slider" && times().length) {
  place.role = "slider";
  place.tabIndex = 0;
  place.ariaLabel = "Time at which the traces are read out";
  place.classList.add("reader");
  place.addEventListener("keydown", step);
}

if (place && pointed) {
  place.at = cb_obj.x;
  tell();
} else if (place) {
  const { time, entries } = readAt(0, widest);
  if (time !== null && entries.length !== place.room) {
    show(entries, place.hint);
    place.room = entries.length;
    place.style.minHeight = "";
    place.style.minHeight = `${place.offsetHeight}px`;
    tell();
  }
  place.due ??= requestAnimationFrame(() => {
    place.due = null;
    tell();
  });
}
