// The panel as a widget: speaks the protocol of docs/protocol.md over the widget's messages. Texts are text nodes only.

const MARKS = {
  reproduced: ['✓', 'good'], yes: ['✓', 'good'], done: ['✓', 'good'], ran: ['✓', 'none'], running: ['…', 'none'],
  'not run': ['·', 'none'], 'nothing run': ['·', 'none'], 'does not apply': ['·', 'none'], cancelled: ['·', 'none'],
  unknown: ['?', 'near'], volatile: ['?', 'near'], edited: ['✎', 'near'], info: ['i', 'none']
};
const SECTIONS = [
  ['randomness', 'Randomness'], ['environment', 'Environment'], ['drift', 'Drift'], ['gpu', 'GPU'], ['inputs', 'Inputs'],
  ['runs', 'Runs'], ['checklist', 'Checklist'], ['dataflow', 'Dataflow'], ['bundle', 'Bundle']
];
const LIVE_MS = 1000;

/** Show control and direction characters instead of obeying them. */
function visible(text) {
  return String(text ?? '').replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Make an element; children that are no nodes become text. */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick') node.addEventListener('click', value);
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().map(each => (each instanceof Node ? each : visible(each))));
  return node;
}

function word(text) {
  const [mark, kind] = MARKS[text] ?? ['✗', 'bad'];
  return make('span', { class: kind }, `${mark} ${text}`);
}

/** A table; a cell of a row that is a node is put in as it is. */
function table(head, rows) {
  if (!rows.length) return make('p', { class: 'soft' }, 'nothing');
  const line = row => make('tr', {}, row.map(each => make('td', each instanceof Node ? { class: 'word' } : {}, each)));
  return make('table', {},
    make('thead', {}, make('tr', {}, head.map(each => make('th', { scope: 'col' }, each)))),
    make('tbody', {}, rows.map(line)));
}

const bytes = size => (size === null ? 'not known yet' : size < 1024 ? `${size} bytes` : size < 1048576 ? `${(size / 1024).toFixed(1)} kB` : `${(size / 1048576).toFixed(1)} MB`);

/** The runs on record, of which two are chosen to be shown beside each other; the older one is the first. */
function compared(runs, panel) {
  const beside = make('div', { 'aria-live': 'polite' });
  const press = () => {
    const [second, first] = rows.filter(([box]) => box.checked).map(([, id]) => id);
    panel.ask({ type: 'diff', first, second });
  };
  const button = make('button', { disabled: true, onclick: press }, 'Compare the two chosen');
  const rows = runs.map(run => {
    const box = make('input', { type: 'checkbox', 'aria-label': `Choose run ${visible(run.id)}` });
    box.addEventListener('change', () => { button.disabled = rows.filter(([each]) => each.checked).length !== 2; });
    return [box, run.id];
  });
  panel.beside = beside;
  return [
    table(['choose', 'made', 'run', 'kind', 'verdict', 'seed', 'commit', 'why'], runs.map((run, at) => [
      rows[at][0], new Date(run.made * 1000).toLocaleString(), run.id, run.kind, word(run.verdict || 'unknown'), run.seed ?? '', run.commit, run.why])),
    ...(runs.length ? [make('div', { class: 'row' }, button), beside] : [])
  ];
}

/** Two runs beside each other: what they show otherwise, and what could explain it. */
function differences(diff) {
  const parts = [make('p', {}, make('strong', {}, diff.sentence))];
  if (diff.outputs.length) parts.push(table(['cell', 'what', 'detail'], diff.outputs.map(o => [o.cell, o.what, o.detail])));
  if (diff.explanations.length) {
    parts.push(table(['what could explain it', 'before', 'now', 'rank', 'why'],
      diff.explanations.map(e => [e.what, e.before || 'absent', e.now || 'absent', e.rank, e.reason])));
  }
  return parts.concat(diff.unknown.map(each => make('p', { class: 'near' }, `${each.what} is not known: ${each.reason}`)));
}

/** What the author notes on an item of the checklist, and the button to write it anew. */
function noted(item, panel) {
  const place = make('div', {});
  const write = () => {
    const text = make('input', { value: item.note, maxlength: 1000, 'aria-label': `Note on: ${visible(item.title)}` });
    const keep = () => panel.ask({ type: 'annotate', key: item.key, text: text.value });
    text.addEventListener('keydown', event => event.key === 'Enter' && keep());
    place.replaceChildren(text, make('button', { onclick: keep }, 'Keep the note'), make('button', { onclick: show }, 'Cancel'));
    text.focus();
  };
  const show = () => place.replaceChildren(
    item.note ? `${visible(item.note)} ` : '',
    make('button', { 'aria-label': `${item.note ? 'Edit the' : 'Add a'} note on: ${visible(item.title)}`, onclick: write }, item.note ? 'Edit' : 'Add a note'));
  show();
  return place;
}

const BODIES = {
  randomness: (r, label) => [
    make('p', {}, r.governed && r.governed.seed !== null ? `seed ${r.governed.seed}, strictness ${r.governed.strictness}` : 'no seed is set'),
    table(['stream', 'seeded', 'numbers', 'drew'], r.streams.map(s => [s.name, s.seeded ? 'yes' : 'no', s.numbers ?? 'unknown', s.drew.map(label).join(', ')])),
    table(['cell', 'line', 'draw that no seed governs'], r.leaks.map(l => [l.label, l.line, `${l.what}${l.derived ? ' (derived from the seed)' : ''}`])),
    table(['setting', 'effect', 'value', 'note'], r.settings.map(s => [s.name, s.effect, s.effective, s.note]))
  ],
  environment: r => [
    table(['what', 'as it is now'], r.facts.map(f => [f.name, f.value])),
    table(['package', 'version', 'imported by'], r.packages.filter(p => p.imported === 'cells').map(p => [p.name, p.version, p.imported])),
    ...r.changes.concat(r.conflicts).map(each => make('p', {}, each))
  ],
  drift: r => [
    make('p', {}, r.drift.sentence),
    table(['what', 'before', 'now', 'rank', 'to bring it back'], r.drift.differences.map(d => [d.what, d.before, d.now, d.rank, d.restore || d.instead]))
  ],
  gpu: r => r.absent ? [make('p', {}, `There is no GPU: ${r.absent}`)] : [
    table(['GPU', 'clock', 'temperature', 'power', 'memory', 'held back by', 'trust'], r.devices.map(d => [
      d.title, `${d.clock_mhz ?? '?'} of ${d.clock_max_mhz ?? '?'} MHz`, `${d.temperature_c ?? '?'} °C`, `${d.power_w ?? '?'} W`,
      `${bytes(d.memory_used_bytes)} of ${bytes(d.memory_bytes)}`, d.slowed_by.join(', '), d.trust]))
  ],
  inputs: r => [
    table(['file', 'role', 'size', 'SHA-256', 'read by', 'tracked', 'note'], r.inputs.files.map(f => [
      f.path, f.role, bytes(f.size), (f.sha256 ?? '').slice(0, 12), f.read_by.join(', '), f.tracked || 'no', f.note])),
    table(['cell', 'hosts', 'recorded'], r.inputs.contacts.map(c => [c.cell, c.hosts.join(', '), c.recorded ? 'yes' : 'no']))
  ],
  runs: (r, label, panel) => compared(r.runs, panel),
  checklist: (r, label, panel) => [table(['state', 'item', 'evidence', 'what to do', 'note'], r.items.map(i => [
    word(i.state), i.title, i.evidence, i.remedy, noted(i, panel)]))],
  dataflow: (r, label) => [table(['from', 'to', 'what'], r.flows.map(f => [label(f.source), label(f.target), f.resources.join(', ')]))],
  bundle: (r, label, panel) => [
    table(['part', 'files', 'size', 'note'], r.parts.map(p => [p.name, p.files, bytes(p.bytes), p.note])),
    r.refused ? make('p', { class: 'bad' }, `${r.refused}; ${r.remedy}`) : make('p', { class: 'soft' }, `A reviewer types: ${r.command}`),
    make('div', { class: 'row' },
      make('button', { disabled: Boolean(r.refused), onclick: () => panel.ask({ type: 'export', path: r.suggested }) }, `Export ${r.suggested}`),
      make('button', { onclick: () => panel.ask({ type: 'verify', path: r.suggested }) }, `Verify ${r.suggested}`))
  ]
};

/** One view: what the kernel has told, and how it is shown. */
class Panel {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.count = 0;
    this.state = null;
    this.jobs = new Map();
    this.asked = new Map();
    this.error = '';
    this.heads = make('div', { role: 'status', 'aria-live': 'polite' });
    this.work = make('div');
    this.cells = make('div');
    this.bodies = new Map();
    const sections = SECTIONS.map(([name, title]) => this.section(name, title));
    root.className = 'repro-panel';
    root.setAttribute('role', 'region');
    root.setAttribute('aria-label', 'Reproducibility');
    root.append(this.heads, this.controls(), this.work, this.cells, ...sections);
    this.heads.append(make('p', { class: 'soft' }, 'Waiting for the kernel ...'));
    this.ask({ type: 'open', protocol: 1, version: 'widget', document: null });
  }

  ask(request) {
    const id = `w${++this.count}`;
    this.asked.set(id, request);
    this.model.send({ ...request, id });
  }

  section(name, title) {
    const body = make('div');
    const node = make('details', {}, make('summary', {}, title), body);
    this.bodies.set(name, { node, body });
    node.addEventListener('toggle', () => node.open && this.refresh(name));
    return node;
  }

  refresh(name) {
    const { body } = this.bodies.get(name);
    if (!body.childNodes.length) body.append(make('p', { class: 'soft' }, 'Waiting for the kernel ...'));
    this.ask({ type: 'section', name });
  }

  controls() {
    const seed = make('input', { type: 'number', min: 0, value: 42, 'aria-label': 'Seed' });
    const strict = make('select', { 'aria-label': 'Strictness' }, ['strict', 'warn', 'off'].map(each => make('option', {}, each)));
    return make('div', { class: 'row' }, 'Seed', seed, strict,
      make('button', { onclick: () => this.ask({ type: 'govern', seed: Number(seed.value), strictness: strict.value }) }, 'Set'),
      make('button', { onclick: () => this.ask({ type: 'off' }) }, 'Off'),
      make('button', { onclick: () => this.ask({ type: 'prove' }) }, 'Prove'),
      make('button', { onclick: () => this.ask({ type: 'state' }) }, 'Refresh'));
  }

  hear(message) {
    const request = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (message.type === 'opened' || message.type === 'state') {
      this.state = message.state;
      this.seq = message.seq;
      this.jobs = new Map(message.state.jobs.map(job => [job.id, job]));
    } else if ('seq' in message) {
      this.event(message);
    } else if (message.type === 'error' || message.type === 'busy') {
      this.error = message.type === 'busy' ? 'A cell runs: try again when it has ended' : `${message.message}; ${message.remedy}`;
      if (request && request.type === 'section') this.bodies.get(request.name).body.replaceChildren(make('p', { class: 'bad' }, this.error));
    } else if (message.type === 'job') {
      this.jobs.set(message.job.id, message.job);
    } else if (message.type === 'governed') {
      this.error = message.queued ? message.sentence : '';
    } else if (message.type === 'diff') {
      this.error = '';
      this.beside?.replaceChildren(...differences(message.diff));
    } else if (message.type in BODIES) {
      if (request && request.type === 'annotate') this.error = '';
      const { node, body } = this.bodies.get(message.type);
      body.replaceChildren(...BODIES[message.type](message, id => this.label(id), this));
      if (message.type === 'gpu' && node.open && !message.absent) this.live = setTimeout(() => node.open && this.refresh('gpu'), LIVE_MS);
    }
    this.paint();
  }

  event(message) {
    if (message.seq <= this.seq || !this.state) return;
    if (message.seq !== this.seq + 1) {
      this.ask({ type: 'state' });
      return;
    }
    this.seq = message.seq;
    if (message.type === 'kernel') this.state.busy = message.busy;
    if (message.type === 'closed') this.over = message.reason;
    if (message.type === 'job') {
      const rows = new Map((this.jobs.get(message.job.id)?.rows ?? []).concat(message.job.rows).map(row => [row.cell + row.label, row]));
      this.jobs.set(message.job.id, { ...message.job, rows: [...rows.values()] });
    }
    if (message.type !== 'delta') return;
    const { type, seq, cells = [], order, findings = [], findings_gone = [], ...plain } = message;
    const known = new Map(this.state.cells.concat(cells).map(cell => [cell.id, cell]));
    const ids = order ?? [...known.keys()];
    const found = new Map(this.state.findings.concat(findings).map(each => [each.key, each]));
    findings_gone.forEach(key => found.delete(key));
    this.state = { ...this.state, ...plain, cells: ids.map(id => known.get(id)).filter(Boolean), findings: [...found.values()] };
  }

  label(id) {
    return this.state?.cells.find(cell => cell.id === id)?.label ?? 'a cell that is gone';
  }

  paint() {
    const state = this.state;
    if (!state) {
      if (this.error) this.heads.replaceChildren(make('p', { class: 'bad' }, this.error));
      return;
    }
    const [mark, kind] = MARKS[state.verdict] ?? ['✗', 'bad'];
    const at = new Date(state.at * 1000).toLocaleTimeString();
    const lines = [make('h3', {}, make('span', { class: kind }, mark), ` ${visible(state.headline)}`)];
    if (this.over) lines.push(make('p', { class: 'near' }, 'The extension was unloaded: this is the last state.'));
    if (state.plan.kind !== 'nothing') lines.push(make('p', {}, `Next: ${state.plan.sentence}.`));
    lines.push(make('p', { class: 'soft' }, `${at}${state.busy ? ', a cell runs' : ''}${state.document.note ? `; ${state.document.note}` : ''}`));
    if (this.error) lines.push(make('p', { class: 'bad', role: 'alert' }, this.error));
    this.heads.replaceChildren(...lines);
    this.paintCells(state);
    this.work.replaceChildren(...[...this.jobs.values()].slice(-3).map(job => this.job(job)));
  }

  paintCells(state) {
    const open = this.cells.querySelector('details')?.open ?? false;
    const rows = cells => table(['cell', 'verdict', 'why'], cells.map(cell => [cell.label, word(cell.verdict), cell.why.join('; ')]));
    const departing = state.cells.filter(cell => !['reproduced', 'not run'].includes(cell.verdict));
    const others = state.findings.filter(each => !(each.code.startsWith('RP10') && each.cell));
    const parts = departing.length ? [rows(departing)] : [];
    if (others.length) parts.push(table(['finding', 'what', 'what to do'], others.map(each => [each.code, each.message, each.remedy])));
    parts.push(make('details', { open }, make('summary', {}, `All ${state.cells.length} cells`), rows(state.cells)));
    this.cells.replaceChildren(...parts);
  }

  job(job) {
    const over = job.ended !== null;
    const parts = [make('strong', {}, `${job.kind} ${job.about}`), over ? word(job.state === 'done' && job.result?.exit_code ? 'differs' : job.state) : ' '];
    if (!over) {
      const bar = job.cells ? { max: job.cells, value: (job.cell ?? 1) - 1 } : {};
      parts.push(make('progress', { 'aria-label': `${job.kind}: ${job.step}`, ...bar }), job.step,
        make('button', { disabled: job.state === 'cancelling', onclick: () => this.ask({ type: 'cancel', job: job.id }) }, 'Cancel'));
    } else {
      parts.push(job.result?.sentence ?? `${job.message}${job.remedy ? `; ${job.remedy}` : ''}`);
    }
    const rows = job.rows.length ? [make('details', {}, make('summary', {}, `${job.rows.length} cells`),
      table(['cell', 'state', 'detail'], job.rows.map(row => [row.label, word(row.state), row.detail])))] : [];
    return make('div', {}, make('div', { class: 'row' }, parts), ...rows);
  }
}

export default {
  render({ model, el }) {
    const root = document.createElement('div');
    el.append(root);
    const panel = new Panel(model, root);
    const hear = message => panel.hear(message);
    model.on('msg:custom', hear);
    return () => {
      clearTimeout(panel.live);
      model.off('msg:custom', hear);
    };
  }
};
