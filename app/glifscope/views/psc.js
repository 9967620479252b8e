// The postsynaptic current of one event, drawn in the page while a slider moves.
//
// The same closed form as glifcore/psc.py; a test holds the two together. Arguments: `shape`, the
// four numbers that the sliders show; `curve` and `marks`, the sources to fill; `pinned`, the source of
// the curve behind; `x_range`, `y_range`.
const POINTS = 401;
const GRID = 256;

const alpha = (t, tau) => (t / tau) * Math.exp(1 - t / tau);
const alphaSlope = (t, tau) => (Math.E / tau) * (1 - t / tau) * Math.exp(-t / tau);

// The highest point lies between the peaks of the two parts, where one rises and the other falls.
function timeToPeak(tf, ts, a) {
  const at = (i) => tf * (ts / tf) ** (i / (GRID - 1));
  const height = (t) => alpha(t, tf) + a * alpha(t, ts);
  let best = 0;
  for (let i = 1; i < GRID; i++) if (height(at(i)) > height(at(best))) best = i;
  const ends = [at(Math.max(best - 1, 0)), at(Math.min(best + 1, GRID - 1))];
  let [low, high] = [Math.min(...ends), Math.max(...ends)];
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (low + high);
    if (alphaSlope(middle, tf) + a * alphaSlope(middle, ts) > 0) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

const [weight, tf, ts, a] = ["weight", "tau_syn_fast", "tau_syn_slow", "amp_slow"].map(
  (name) => shape.data[name][0],
);
const valid = [weight, tf, ts, a].every(Number.isFinite) && tf > 0 && ts > 0 && a > 0;
if (valid) {
  const end = roundUp(Math.max(5 * tf, 5 * ts, 10));
  const t = new Float64Array(POINTS);
  const fast = new Float64Array(POINTS);
  const slow = new Float64Array(POINTS);
  const total = new Float64Array(POINTS);
  for (let i = 0; i < POINTS; i++) {
    // Denser at the start, where the current bends most.
    t[i] = end * (i / (POINTS - 1)) ** 1.5;
    fast[i] = weight * alpha(t[i], tf);
    slow[i] = weight * a * alpha(t[i], ts);
    total[i] = fast[i] + slow[i];
  }
  const tPeak = timeToPeak(tf, ts, a);
  const peak = weight * (alpha(tPeak, tf) + a * alpha(tPeak, ts));
  const seen = [peak, ...pinned.data.total];
  const reach = (sign) => Math.max(0, ...seen.map((value) => 1.12 * sign * value));
  const [up, down] = [reach(1), reach(-1)].map((value) => (value > 0 ? roundUp(Math.max(value, 1e-3)) : 0));
  const least = 0.08 * (Math.max(up, down) || 1);
  x_range.setv({ start: 0, end });
  y_range.setv({ start: -Math.max(down, least), end: Math.max(up, least) });
  curve.data = { t, total, fast, slow };
  marks.data = { t: [tPeak], peak: [peak], text: [`${peak.toFixed(1)} pA at ${tPeak.toFixed(2)} ms`] };
}
