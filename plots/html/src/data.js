// Decodes the page's data (docs/report.md). Histograms have the layout of harness/measure/histogram.h.

const PER_OCTAVE = 128;

function lowerBound(index) {
  if (index < 2 * PER_OCTAVE) return index;
  const shift = Math.floor(index / PER_OCTAVE) - 1;
  return ((index % PER_OCTAVE) + PER_OCTAVE) * 2 ** shift;
}

function width(index) {
  return index < 2 * PER_OCTAVE ? 1 : 2 ** (Math.floor(index / PER_OCTAVE) - 1);
}

// A histogram in ns, ascending: the middle of each bucket and its count.
export class Histogram {
  constructor(packed) {
    this.buckets = [];
    this.total = 0;
    let index = 0;
    for (let i = 0; i + 1 < packed.length; i += 2) {
      index += packed[i];
      this.buckets.push({ ns: lowerBound(index) + (width(index) - 1) / 2, count: packed[i + 1] });
      this.total += packed[i + 1];
    }
  }

  // Returns the value of rank ceil(p * total), as in results/figures/statistics.h.
  quantile(p) {
    const rank = Math.max(1, Math.ceil(p * this.total));
    let seen = 0;
    for (const bucket of this.buckets) {
      seen += bucket.count;
      if (seen >= rank) return bucket.ns;
    }
    return this.buckets[this.buckets.length - 1].ns;
  }

  // Returns the share of values that are at most `ns`.
  shareUpTo(ns) {
    let seen = 0;
    for (const bucket of this.buckets) {
      if (bucket.ns > ns) break;
      seen += bucket.count;
    }
    return seen / this.total;
  }
}

export class Case {
  constructor(raw, run) {
    Object.assign(this, raw);
    this.run = run;
    this.ok = raw.status === undefined;
    this.key = raw.label;
  }

  // Returns {median, n, low?, high?}, or null.
  figure(key) {
    const packed = this.figures[key];
    if (packed === undefined) return null;
    const [median, n, low, high] = packed;
    return { median, n, low, high };
  }

  // Returns the figure as a multiple of the reference's: {median, paired, low?, high?}, or null.
  multiple(key) {
    const packed = this.times?.[key];
    if (packed === undefined) return null;
    const [median, paired, low, high] = packed;
    return { median, paired: paired === 1, low, high };
  }

  // Says why the case has its mechanism's largest message although other sizes were asked for; else ''.
  largestIn(language) {
    return (language === 'zh-CN' ? this.largest_zh : this.largest) ?? '';
  }

  // Returns the round trip that represents the case.
  get rtt() {
    return this.mean_for_p50 ? this.figure('rtt_mean_ns') : this.figure('rtt_p50_ns');
  }

  // Returns a quantile ('p50', 'p99', 'p999') of the time by which an open loop is compared, or null.
  latency(quantile) {
    return this.headline === undefined ? null : this.figure(`${this.headline}_${quantile}_ns`);
  }

  get distribution() {
    if (this.decoded === undefined) this.decoded = this.histogram ? new Histogram(this.histogram) : null;
    return this.decoded;
  }

  // Returns the launches in the order of the run.
  get starts() {
    return this.launches.map(([place, pass, value, flags, before, after, state]) => ({
      place, pass, value, before, after, state,
      used: (flags & 1) !== 0, outlier: (flags & 2) !== 0, broken: (flags & 4) !== 0,
    }));
  }
}

// What differs by one thing alone: a channel's cases and where each stands, ascending.
class Channel {
  constructor(run, cases, at) {
    this.run = run;
    this.cases = cases.map((index) => run.cases[index]);
    this.at = at;
  }

  // Returns a case that has what all of them have in common.
  get first() {
    return this.cases[0];
  }

  get key() {
    return this.first.key;
  }

  get size() {
    return this.first.size;
  }

  get wait() {
    return this.first.wait;
  }
}

// What a channel does at each rate, and its saturation.
class Curve extends Channel {
  constructor(raw, run) {
    super(run, raw.cases, raw.rates);
    this.saturation = run.cases[raw.saturation] ?? null;
    ({ schedule: this.schedule, form: this.form, pacer: this.pacer } = raw);
  }

  // Returns the figure of the saturation, or null.
  get most() {
    return this.saturation?.figure('saturation_per_s') ?? null;
  }
}

// What a channel does after each silence.
class IdleRow extends Channel {
  constructor(raw, run) {
    super(run, raw.cases, raw.silences_ns);
    this.cases.forEach((c, i) => { c.longest = raw.longest_ns[i] ?? undefined; });
  }
}

const FORMS = ['', 'shared', 'inbox', 'per-peer', 'epoll', 'poll', 'futex-waitv', 'spin'];

// What a channel does with each number of seats or of channels, or at each service time.
class CastLine extends Channel {
  constructor({ cases, at, in_spread: inSpread = false, form = '', counted, ...subject }, run) {
    super(run, cases, at);
    Object.assign(this, { inSpread, form, counted, subject });
    this.variant = 0;
  }

  // Names what the lines of one chart have in common.
  get group() {
    return JSON.stringify(this.subject);
  }

  // Numbers each mechanism's forms, so that their lines differ.
  static number(lines) {
    for (const line of lines) {
      const own = new Set(lines.filter((other) => other.key === line.key).map((other) => other.form));
      line.variant = FORMS.filter((form) => own.has(form)).indexOf(line.form);
    }
    return lines;
  }
}

class Run {
  constructor(raw, index) {
    Object.assign(this, raw);
    this.index = index;
    this.cases = raw.cases.map((one) => new Case(one, this));
    this.curves = (raw.load_curves ?? []).map((one) => new Curve(one, this));
    this.idleRows = (raw.idle_rows ?? []).map((one) => new IdleRow(one, this));
    this.seatLines = CastLine.number((raw.seat_lines ?? []).map((one) => new CastLine(one, this)));
    this.serviceLines = CastLine.number((raw.service_lines ?? []).map((one) => new CastLine(one, this)));
    this.byName = new Map(raw.transports.map((transport) => [transport.name, transport]));
  }

  transportOf(c) {
    return this.byName.get(c.transport) ?? { name: c.transport, family: '', row: '' };
  }

  // Returns the floor of a placement in a case's canary state, else the placement's first.
  floorOf(placement, state) {
    const here = this.floors.filter((floor) => floor.placement === placement);
    return here.find((floor) => (floor.state ?? '') === (state ?? '')) ?? here[0] ?? null;
  }
}

// Answers the charts' queries: members of the legend (a transport with its options) and cases by property.
export class Data {
  constructor(text) {
    const raw = JSON.parse(text);
    this.runs = raw.runs.map((run, index) => new Run(run, index));
    this.cases = this.runs.flatMap((run) => run.cases);
    this.cases.forEach((c, index) => { c.index = index; });
    this.curves = this.runs.flatMap((run) => run.curves);
    this.idleRows = this.runs.flatMap((run) => run.idleRows);
    this.seatLines = this.runs.flatMap((run) => run.seatLines);
    this.serviceLines = this.runs.flatMap((run) => run.serviceLines);
    // Round trips with answers of another size aren't comparable with the rest: tables have them, charts would rank
    // them.
    this.measured = this.cases.filter((c) => c.ok && c.reply === undefined);
    this.members = this.findMembers();
    this.placements = this.distinct('placement');
    this.waits = this.distinct('wait');
    // A size that stands in for larger ones can't be chosen, unless there are no others.
    const roundTrips = this.measured.filter((c) => c.scenario === 'ping-pong');
    const asked = roundTrips.filter((c) => !c.only_largest);
    const channels = [...this.curves, ...this.idleRows, ...this.seatLines, ...this.serviceLines];
    const sizes = [...(asked.length > 0 ? asked : roundTrips), ...channels].map((one) => one.size);
    this.sizes = [...new Set(sizes)].sort((a, b) => a - b);
  }

  distinct(key) {
    return [...new Set(this.measured.map((c) => c[key]))];
  }

  // Returns, in the order of the result: {key, transport, family, row, index within the family}.
  findMembers() {
    const members = new Map();
    const families = new Map();
    for (const c of this.measured) {
      if (members.has(c.key)) continue;
      const { name, family, row } = c.run.transportOf(c);
      const shown = family || name;
      const index = families.get(shown) ?? 0;
      families.set(shown, index + 1);
      members.set(c.key, { key: c.key, transport: name, family: shown, row, index });
    }
    return members;
  }

  get families() {
    const families = new Map();
    for (const member of this.members.values()) {
      if (!families.has(member.family)) families.set(member.family, []);
      families.get(member.family).push(member);
    }
    return families;
  }

  // Returns a member for each row of the articles' table: the call of the article's own sample, else the row's first.
  get tableRows() {
    const samples = new Set(this.runs.flatMap((run) => run.transports.filter((one) => one.sample).map((one) => one.name)));
    const byRow = new Map();
    for (const member of this.members.values()) {
      if (!member.row) continue;
      const known = byRow.get(member.row);
      if (known === undefined || (samples.has(member.key) && !samples.has(known))) byRow.set(member.row, member.key);
    }
    return new Set(byRow.size > 0 ? byRow.values() : [...this.members.keys()].slice(0, 8));
  }

  select(state, { scenario, placement = state.placement, waits = state.waits }) {
    return this.measured.filter((c) =>
      c.scenario === scenario && (placement === null || c.placement === placement) &&
      (waits === null || waits.has(c.wait)) && state.shown.has(c.key) && state.runs.has(c.run.index));
  }

  // Returns the channels of the chosen size; all sizes' if none has it. What carries less or nothing has its own.
  selectChannels(channels, state) {
    const all = channels.filter((one) => one.first.placement === state.placement && state.waits.has(one.wait) &&
      state.shown.has(one.key) && state.runs.has(one.run.index));
    if (!all.some((one) => one.size === state.size)) return all;
    const has = new Set(all.filter((one) => one.size === state.size).map((one) => one.key));
    return all.filter((one) => one.size === state.size || (one.size <= 8 && !has.has(one.key)));
  }

  // Returns each mechanism's case of this size, or of the nearest size if it carries less or nothing.
  atSize(cases, size) {
    const best = new Map();
    const far = (c) => Math.abs(Math.log2(Math.max(c.size, 0.5)) - Math.log2(Math.max(size, 0.5)));
    for (const c of cases) {
      const key = `${c.run.index}\n${c.key}\n${c.wait}\n${c.placement}`;
      const known = best.get(key);
      if (known === undefined || far(c) < far(known)) best.set(key, c);
    }
    // A mechanism that can carry this size is shown with this size or not at all.
    return [...best.values()].filter((c) => c.size === size || c.size <= 8);
  }
}
