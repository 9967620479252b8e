// The synaptic current of one event, its features, and the way back: what a dragged handle makes of
// its parameters. Function declarations only, to be put before a script that uses them.
//
// A translation of glifcore/normal_form.py (forms), following.py (ways) and nearest_shape in
// inverse.py, where the why is told; a test holds the two together.

function alpha(t, tau) {
  const x = Math.max(t, 0) / tau;
  return x * Math.exp(1 - x);
}

// The current at a time after the onset.
function psc(shape, t) {
  return shape.weight * (alpha(t, shape.tau_syn_fast) + shape.amp_slow * alpha(t, shape.tau_syn_slow));
}

// Peak (pA), time to peak, half width and tail (ms).
function features(shape) {
  const ordered = orderedParts(shape);
  const form = formOf(ordered.tau_syn_slow / ordered.tau_syn_fast, ordered.amp_slow);
  const time = ordered.tau_syn_fast * (1 + form.lead);
  const [half, tail] = placeOf(form)?.point ?? alphaPoint();
  return {
    peak: psc(ordered, time),
    time_to_peak: time,
    half_width: time * Math.exp(half),
    tail: time * Math.exp(tail),
  };
}

// The shape as far as the handle that is held can be dragged while the other features stay.
function nearestShape(target, held, start) {
  const { peak, time_to_peak, half_width, tail } = target;
  const positive = [time_to_peak, half_width, tail, start.tau_syn_fast, start.tau_syn_slow, start.amp_slow];
  if (!positive.every((x) => x > 0 && x < Infinity) || !Number.isFinite(peak) || peak === 0) {
    return { shape: start, reached: false };
  }
  const from = orderedParts(start);
  const form = formOf(from.tau_syn_slow / from.tau_syn_fast, from.amp_slow);
  const goal = [half_width, tail].map((x) => Math.log(x) - Math.log(time_to_peak));
  const place = draggedPlace(held, from.tau_syn_fast * (1 + form.lead), form, goal, time_to_peak);
  const point = place ? place.point : alphaPoint();
  const reached = pointDistance(point, goal) <= 1e-9;
  const time = held === "peak" && !reached ? half_width / Math.exp(point[0]) : time_to_peak;
  if (!place) return { shape: stretchedShape(from, form, peak, time), reached };
  if (pointDistance(point, alphaPoint()) < 1e-8) {
    const equal = { ...from, tau_syn_slow: from.tau_syn_fast };
    return { shape: stretchedShape(equal, { lead: 0, lag: 0 }, peak, time), reached };
  }
  return { shape: shapeOfForm(place.form, peak, time), reached };
}

function orderedParts({ weight, tau_syn_fast, tau_syn_slow, amp_slow }) {
  if (tau_syn_fast <= tau_syn_slow) return { weight, tau_syn_fast, tau_syn_slow, amp_slow };
  return {
    weight: weight * amp_slow,
    tau_syn_fast: tau_syn_slow,
    tau_syn_slow: tau_syn_fast,
    amp_slow: 1 / amp_slow,
  };
}

function draggedPlace(held, oldTime, form, goal, time) {
  let place = placeOf(form);
  const point = place ? place.point : alphaPoint();
  const isAlpha = pointDistance(point, alphaPoint()) < 1e-8;
  if (pointDistance(point, goal) <= 1e-9) return isAlpha ? null : place;
  const moved = Math.log(time / oldTime);
  const begin = {
    peak: [goal[0] + moved, goal[1] + moved],
    half_width: [point[0] - moved, goal[1]],
    tail: [goal[0], point[1] - moved],
  }[held];
  const onLine = pointDistance(point, begin) <= 1e-6;
  if (isAlpha) place = leaveAlpha(onLine ? goal : begin);
  if (!place) return null;
  const limits = {
    clearance: Math.min(1e-3, place.clearance),
    ratio: Math.max(1000, ratioOfForm(place.form)),
    oneHump: place.sheet === "one",
  };
  if (!onLine) {
    place = followWay(place, begin, limits);
    if (pointDistance(place.point, begin) > 1e-6) return place;
  }
  return followWay(place, goal, limits);
}

// Forms: a shape in units of its peak and its time to peak.

function formOf(ratio, amp) {
  const v = 1 / ratio;
  const parts = (t) => [Math.exp(1 - t), amp * v * Math.exp(1 - v * t)];
  const slope = (t) => slopeOfParts(...parts(t), 1, v, t);
  const [first, second] = bendsOf(1, v);
  const humps = first === second ? [[1, ratio]] : [];
  if (first < second && slope(first)[0] < 0) humps.push([1, first]);
  if (first < second && slope(second)[0] > 0) humps.push([second, ratio]);
  const height = (t) => t * (parts(t)[0] + parts(t)[1]);
  let t = rootOf(slope, ...humps[0], false);
  if (humps.length > 1) {
    const other = rootOf(slope, ...humps[1], false);
    if (height(other) > height(t)) t = other;
  }
  const [lead, lag] = [t - 1, 1 - v * t];
  const logOdds = Math.log(amp * v) + t * (1 - v);
  if (lead < lag) return { lead: Math.exp(logOdds) * lag, lag };
  return { lead, lag: Math.abs(logOdds) < 700 ? lead * Math.exp(-logOdds) : 0 };
}

function ratioOfForm({ lead, lag }) {
  return (1 + lead) / (1 - lag);
}

function shapeOfForm({ lead, lag }, peak, time) {
  const [s, v] = [1 + lead, 1 - lag];
  return {
    weight: (peak * lag * Math.exp(lead)) / (s * (lead + lag)),
    tau_syn_fast: time / s,
    tau_syn_slow: time / v,
    amp_slow: (lead * s * Math.exp(-lead - lag)) / (lag * v),
  };
}

function stretchedShape(shape, form, peak, time) {
  const fast = 1 + form.lead;
  const slow = (fast * shape.tau_syn_fast) / shape.tau_syn_slow;
  const height = fast * Math.exp(1 - fast) + shape.amp_slow * slow * Math.exp(1 - slow);
  return {
    weight: peak / height,
    tau_syn_fast: time / fast,
    tau_syn_slow: time / slow,
    amp_slow: shape.amp_slow,
  };
}

function alphaPoint() {
  return [Math.log(2.4463860370301262), Math.log(3.889720169867429)];
}

function pointDistance(one, other) {
  return Math.max(Math.abs(one[0] - other[0]), Math.abs(one[1] - other[1]));
}

// A form with what is measured on it; null where it has no peak at t = 1, or only one part.
function placeOf(form) {
  const { lead, lag } = form;
  if (!(lead > 0 && lead < 200 && lag > 0 && lag < 1)) return null;
  const humps = humpsOf(form);
  if (!humps) return null;
  const [peak, dip, other] = humps;
  const height = (t) => (t ? partsOfForm(form, t).reduce((a, b) => a + b) : 0);
  const [valley, hill] = [height(dip), height(other)];
  if (hill > 1 + 1e-12) return null;
  const far = 40 / (1 - lag);
  let [sheet, clearance, before, half, tenth] = [peak, 1, [0, 1], [1, 1 + far], [1, 1 + far]];
  if (peak === "fast") {
    half = valley <= 0.5 ? [1, dip] : [other, other + far];
    tenth = valley <= 0.1 ? [1, dip] : [other, other + far];
    sheet += `${+(valley <= 0.5)}${+(valley <= 0.1)}`;
    clearance = Math.min(1 - hill, Math.abs(valley - 0.5), Math.abs(valley - 0.1));
  } else if (peak === "slow") {
    before = valley <= 0.5 ? [dip, 1] : [0, other];
    sheet += `${+(valley <= 0.5)}`;
    clearance = Math.min(1 - hill, Math.abs(valley - 0.5));
  }
  const rise = crossingOf(form, 0.5, ...before, true);
  const fall = crossingOf(form, 0.5, ...half, false);
  const end = crossingOf(form, 0.1, ...tenth, false);
  const [early, late, last] = [rise, fall, end].map((t) => movesOf(form, t));
  const [width, tail] = [fall - rise, end - 1];
  const slopes = [
    (late[0] - early[0]) / width,
    (late[1] - early[1]) / width,
    last[0] / tail,
    last[1] / tail,
  ];
  return { form, point: [Math.log(width), Math.log(tail)], slopes, sheet, clearance };
}

function partsOfForm({ lead, lag }, t) {
  const scale = t / (lead + lag);
  return [
    scale * lag * Math.exp((1 + lead) * (1 - t)),
    scale * lead * Math.exp((1 - lag) * (1 - t)),
  ];
}

function slopeOfParts(fast, slow, s, v, t) {
  return [
    fast * (1 - s * t) + slow * (1 - v * t),
    fast * s * (s * t - 2) + slow * v * (v * t - 2),
  ];
}

function bendsOf(s, v) {
  const square = (s + v) ** 2 - 8 * s * v;
  if (square <= 0) return [1, 1];
  const root = Math.sqrt(square);
  return [4 / (s + v + root), (s + v + root) / (2 * s * v)];
}

function humpsOf({ lead, lag }) {
  const [s, v] = [1 + lead, 1 - lag];
  const slope = (t) =>
    slopeOfParts(lag * Math.exp(s * (1 - t)), lead * Math.exp(v * (1 - t)), s, v, t);
  const [first, second] = bendsOf(s, v);
  if (first === second) return ["one", 0, 0];
  if (first <= 1 && second >= 1) return null;
  const isFast = first > 1;
  if (isFast ? slope(second)[0] <= 0 : slope(first)[0] >= 0) return ["one", 0, 0];
  const dip = rootOf(slope, first, second, true);
  if (isFast) return ["fast", dip, rootOf(slope, second, 1 / v, false)];
  return ["slow", dip, rootOf(slope, 1 / s, first, false)];
}

function crossingOf(form, level, low, high, rising) {
  const [s, v] = [1 + form.lead, 1 - form.lag];
  const above = (t) => {
    const [fast, slow] = partsOfForm(form, t);
    const g = fast + slow;
    if (g === 0) return [-Infinity, Infinity];
    return [Math.log(g / level), 1 / t - (s * fast + v * slow) / g];
  };
  return rootOf(above, low, high, rising);
}

function movesOf({ lead, lag }, t) {
  const [s, v, both, x] = [1 + lead, 1 - lag, lead + lag, 1 - t];
  const [fast, slow, y] = [Math.exp(s * x), Math.exp(v * x), both * x];
  const near = Math.abs(y) < 0.5;
  const byLead = near ? fast * expExcess(y) : fast * (y - 1) + slow;
  const byLag = near ? slow * expExcess(-y) : slow * (-y - 1) + fast;
  const dg = (lag * fast + lead * slow - t * (s * lag * fast + v * lead * slow)) / both;
  return [(-byLead * lag * t) / both ** 2 / dg, (-byLag * lead * t) / both ** 2 / dg];
}

function expExcess(y) {
  if (Math.abs(y) < 1e-3) return y * y * (1 / 2 - y * (1 / 6 - y * (1 / 24 - y / 120)));
  return y + Math.expm1(-y);
}

function rootOf(curve, low, high, rising) {
  let t = 0.5 * (low + high);
  for (let i = 0; i < 100; i++) {
    const [value, slope] = curve(t);
    if (value > 0 === rising) high = t;
    else low = t;
    let next = slope !== 0 ? t - value / slope : low;
    if (!(low < next && next < high)) next = 0.5 * (low + high);
    if (Math.abs(next - t) <= 1e-12 * t) return next;
    t = next;
  }
  return t;
}

// Ways: from one curve to another, as far as Newton's method leads.

function followWay(place, goal, limits) {
  const origin = place.point;
  let [done, share, failed] = [0, 1, false];
  for (let i = 0; i < 200; i++) {
    const then = Math.min(done + share, 1);
    const target = then < 1 ? origin.map((x, k) => x + then * (goal[k] - x)) : goal;
    const found = arriveAt(place, target, limits);
    if (!found) {
      share *= 0.5;
      failed = true;
      if (share < 1e-9) break;
      continue;
    }
    [place, done] = [found, then];
    if (done === 1) break;
    share = failed ? share : 2 * share;
    failed = false;
  }
  return place;
}

function arriveAt(place, target, limits) {
  let before = Infinity;
  for (let i = 0; i < 12; i++) {
    const miss = [target[0] - place.point[0], target[1] - place.point[1]];
    const size = Math.max(Math.abs(miss[0]), Math.abs(miss[1]));
    if (size <= 1e-14) return place;
    const step = newtonStep(place, miss);
    const length = Math.max(Math.abs(step[0]), Math.abs(step[1]));
    if (!(length < 0.5 * before)) return size < 1e-11 ? place : null;
    before = length;
    const { lead, lag } = place.form;
    const product = lead * lag * (1 + step[0]);
    if (product <= 0 || Math.abs(step[1]) > 1) return null;
    const found = placeOf(formOfProduct(product, Math.log1p(lead) + Math.log1p(-lag) + step[1]));
    if (!found || !mayGo(place.sheet, found, limits)) return null;
    place = found;
  }
  return null;
}

function mayGo(sheet, place, limits) {
  const changes = sheet !== place.sheet;
  if (changes && (limits.oneHump || (sheet !== "one" && place.sheet !== "one"))) return false;
  return place.clearance >= limits.clearance && ratioOfForm(place.form) <= limits.ratio;
}

function newtonStep(place, miss) {
  const { lead, lag } = place.form;
  const [halfLead, halfLag, tailLead, tailLag] = place.slopes;
  const scale = ((1 + lead) * (1 - lag)) / (lead + lag);
  const halfRates = (halfLead * lead - halfLag * lag) * scale;
  const tailRates = (tailLead * lead - tailLag * lag) * scale;
  const [halfProduct, tailProduct] = slopesByProduct(place).map((slope) => lead * lag * slope);
  const determinant = halfProduct * tailRates - halfRates * tailProduct;
  if (determinant === 0) return [0, 0];
  return [
    (tailRates * miss[0] - halfRates * miss[1]) / determinant,
    (halfProduct * miss[1] - tailProduct * miss[0]) / determinant,
  ];
}

function slopesByProduct({ form, slopes }) {
  const [s, v, both] = [1 + form.lead, 1 - form.lag, form.lead + form.lag];
  return [(slopes[0] * s + slopes[1] * v) / both, (slopes[2] * s + slopes[3] * v) / both];
}

function formOfProduct(product, rates) {
  const difference = Math.expm1(rates) + product;
  const root = Math.sqrt(difference * difference + 4 * product);
  if (difference > 0) {
    const lead = 0.5 * (root + difference);
    return { lead, lag: product / lead };
  }
  const lag = 0.5 * (root - difference);
  return { lead: product / lag, lag };
}

function leaveAlpha(goal) {
  const [half, tail] = alphaPoint();
  const wanted = Math.atan2(goal[1] - tail, goal[0] - half);
  const beside = (rates) =>
    placeOf(formOfProduct(1e-8 * Math.min(1, Math.exp(16 - Math.exp(rates))), rates));
  const direction = (rates) => {
    const [byHalf, byTail] = slopesByProduct(beside(rates));
    return Math.atan2(byTail, byHalf);
  };
  let [low, high] = [Math.log(1e-3), Math.log(55)];
  if (!(direction(high) < wanted && wanted < direction(low))) return null;
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (low + high);
    if (direction(middle) > wanted) low = middle;
    else high = middle;
  }
  return beside(0.5 * (low + high));
}
