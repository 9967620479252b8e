// The model curve over the recording, drawn in the page while a slider or a handle moves.
//
// Comes after axis.js and inverse.js, which has the closed forms and solves features for parameters. Arguments:
// `samples` (t, y of the recording), `shape` (six numbers, one row), `curve`, `handles`, `grabbed`,
// `residuals` (its y range), `plot`, `limit` (a label), `numbers` (a Div) and `noise` (one number).
const NAMES = ["weight", "tau_syn_fast", "tau_syn_slow", "amp_slow", "onset", "baseline"];
const REACH = 22; // pixels around a handle in which it can be taken

function chosen() {
  return Object.fromEntries(NAMES.map((name) => [name, shape.data[name][0]]));
}

function isShape(p) {
  return NAMES.every((name) => Number.isFinite(p[name])) && p.weight !== 0 &&
    p.tau_syn_fast > 0 && p.tau_syn_slow > 0 && p.amp_slow > 0;
}

// When the current first passes half of its peak, after the onset.
function halfRise(p, f) {
  let [low, high] = [0, f.time_to_peak];
  for (let i = 0; i < 50; i++) {
    const middle = 0.5 * (low + high);
    if (psc(p, middle) / f.peak < 0.5) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

function draw() {
  const p = chosen();
  const { t, y } = samples.data;
  if (!isShape(p) || !t.length) return;
  const n = t.length;
  const [total, fast, slow, residual] = [0, 1, 2, 3].map(() => new Float64Array(n));
  let [left, sum, squares, largest] = [0, 0, 0, 1e-9];
  for (let i = 0; i < n; i++) {
    const since = Math.max(t[i] - p.onset, 0);
    fast[i] = p.baseline + p.weight * alpha(since, p.tau_syn_fast);
    slow[i] = p.baseline + p.weight * p.amp_slow * alpha(since, p.tau_syn_slow);
    total[i] = fast[i] + slow[i] - p.baseline;
    residual[i] = y[i] - total[i];
    left += residual[i] ** 2;
    sum += y[i];
    largest = Math.max(largest, Math.abs(residual[i]));
  }
  for (let i = 0; i < n; i++) squares += (y[i] - sum / n) ** 2;
  curve.data = { t, total, fast, slow, residual };
  const f = features(p);
  const x = {
    onset: p.onset,
    peak: p.onset + f.time_to_peak,
    half_width: p.onset + halfRise(p, f) + f.half_width,
    tail: p.onset + f.time_to_peak + f.tail,
  };
  const share = { onset: 0, peak: 1, half_width: 0.5, tail: 0.1 };
  const which = Object.keys(x);
  handles.data = {
    x: which.map((name) => x[name]),
    y: which.map((name) => p.baseline + share[name] * f.peak),
    name: which.map((name) => name.replace("_", " ")),
  };
  const top = roundUp(1.1 * largest);
  residuals.setv({ start: -top, end: top });
  tell(squares > 0 ? 1 - left / squares : NaN, Math.sqrt(left / n), f);
}

function tell(r2, rms, f) {
  const row = (name, value) => `<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const unit = (value, digits, name) =>
    Number.isFinite(value) ? `${value.toFixed(digits)} ${name}` : "none";
  numbers.text = '<dl class="readouts">' +
    row("R²", Number.isFinite(r2) ? r2.toFixed(4) : "none") +
    row("RMS of residuals", unit(rms, 3, "pA")) +
    row("Noise of the baseline", unit(noise.data.value[0], 3, "pA")) +
    row("Peak", unit(f.peak, 2, "pA")) +
    row("Time to peak", unit(f.time_to_peak, 3, "ms")) +
    row("Half width", unit(f.half_width, 3, "ms")) +
    row("Tail, to 10 %", unit(f.tail, 2, "ms")) + "</dl>";
}

// The handle under the pointer, or nothing.
function handleAt(event) {
  const { x, y, name } = handles.data;
  const across = plot.inner_width / (plot.x_range.end - plot.x_range.start);
  const down = plot.inner_height / (plot.y_range.end - plot.y_range.start);
  let [best, found] = [REACH, ""];
  for (let i = 0; i < x.length; i++) {
    const far = Math.hypot((x[i] - event.x) * across, (y[i] - event.y) * down);
    if (far < best) [best, found] = [far, name[i]];
  }
  return found;
}

function grab(event) {
  grabbed.data = { name: [handleAt(event)] };
}

function release() {
  grabbed.data = { name: [""] };
  limit.visible = false;
}

function move(event) {
  const which = grabbed.data.name[0];
  const p = chosen();
  if (!which || !isShape(p)) return;
  const least = 1e-3 * (plot.x_range.end - plot.x_range.start);
  const since = Math.max(event.x - p.onset, least);
  let reached = true;
  if (which === "onset") {
    const { t } = samples.data;
    p.onset = Math.min(Math.max(event.x, t[0]), t[t.length - 1]);
  } else {
    const f = features(p);
    const target = { peak: f.peak, time_to_peak: f.time_to_peak, half_width: f.half_width, tail: f.tail };
    if (which === "peak") {
      const height = event.y - p.baseline;
      target.peak = height * f.peak > 0 ? height : 1e-3 * f.peak;
      target.time_to_peak = since;
    }
    if (which === "half width") target.half_width = Math.max(since - halfRise(p, f), least);
    if (which === "tail") target.tail = Math.max(since - f.time_to_peak, least);
    const found = nearestShape(target, which.replace(" ", "_"), p);
    Object.assign(p, found.shape);
    reached = found.reached;
  }
  limit.setv({ x: event.x, y: event.y, visible: !reached });
  shape.data = Object.fromEntries(NAMES.map((name) => [name, [p[name]]]));
  follow(p);
}

// The sliders show what the handles make; they know their names by their tags.
function follow(p) {
  for (const model of shape.document.all_models) {
    const tag = (model.tags ?? []).find((one) => String(one).startsWith("workshop:"));
    if (!tag) continue;
    const name = tag.slice("workshop:".length);
    const value = Number(p[name].toPrecision(6));
    if (value < model.data.start) model.data.start = value;
    if (value > model.data.end) model.data.end = value;
    model.data.value = value;
  }
}
