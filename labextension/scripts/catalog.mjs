/**
 * The catalog of all texts that a user sees, for translators: `locale/jupyter_repro.pot`.
 *
 * `node scripts/catalog.mjs` writes it; with `--check` it fails where the file is another, or where a text is shown
 * that no translator is asked for.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'locale/jupyter_repro.pot');
/** Attributes and properties that are read or heard. */
const shown = new Set([
  'alt',
  'aria-label',
  'caption',
  'innerText',
  'label',
  'placeholder',
  'textContent',
  'title'
]);
const entries = new Map();
const untranslated = [];

function add(key, place) {
  const places = entries.get(key) ?? [];
  entries.set(key, places.includes(place) ? places : [...places, place]);
}

function literal(node) {
  return node && ts.isStringLiteralLike(node) ? node.text : null;
}

function look(node, file) {
  const here = () => relative(root, file.fileName);
  const tell = text => {
    if (/\p{L}{2}/u.test(text)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      untranslated.push(`${here()}:${line + 1}: ${text.trim()}`);
    }
  };
  if (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    /(^|\.|_)trans$/.test(node.expression.expression.getText(file))
  ) {
    const [one, many] = node.arguments.map(literal);
    const method = node.expression.name.text;
    if (one === null || (method === '_n' && many === null)) {
      untranslated.push(`${here()}: ${node.getText(file)} is no literal`);
    } else {
      add(JSON.stringify(method === '_n' ? [one, many] : [one]), here());
    }
  } else if (ts.isJsxText(node)) {
    tell(node.text);
  } else if (ts.isJsxAttribute(node) && shown.has(node.name.getText(file))) {
    tell(
      literal(node.initializer) ?? literal(node.initializer?.expression) ?? ''
    );
  } else if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(node.left) &&
    shown.has(node.left.name.text)
  ) {
    tell(literal(node.right) ?? '');
  } else if (
    ts.isPropertyAssignment(node) &&
    shown.has(node.name.getText(file))
  ) {
    tell(literal(node.initializer) ?? '');
  }
  ts.forEachChild(node, child => look(child, file));
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory()
      ? entry.name === '__tests__'
        ? []
        : sources(path)
      : /\.tsx?$/.test(entry.name)
        ? [path]
        : [];
  });
}

function quoted(text) {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

function schemaTexts(value, place) {
  for (const [name, part] of Object.entries(value ?? {})) {
    if (typeof part === 'string') {
      if (/^(title|description)$/.test(name)) {
        add(JSON.stringify(['schema', part]), place);
      }
    } else if (typeof part === 'object') {
      schemaTexts(part, place);
    }
  }
}

for (const path of sources(join(root, 'src')).sort()) {
  const text = readFileSync(path, 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  look(file, file);
}
for (const name of readdirSync(join(root, 'schema')).sort()) {
  const path = join(root, 'schema', name);
  schemaTexts(JSON.parse(readFileSync(path, 'utf8')), relative(root, path));
}

const header = `msgid ""
msgstr ""
"Project-Id-Version: jupyter_repro\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"
`;
const body = [...entries]
  .map(([key, places]) => {
    const lines = [...places].sort().map(place => `#: ${place}`);
    const texts = JSON.parse(key);
    if (texts[0] === 'schema' && texts.length === 2) {
      lines.push('msgctxt "schema"', `msgid ${quoted(texts[1])}`, 'msgstr ""');
    } else if (texts.length === 2) {
      lines.push(
        `msgid ${quoted(texts[0])}`,
        `msgid_plural ${quoted(texts[1])}`
      );
      lines.push('msgstr[0] ""', 'msgstr[1] ""');
    } else {
      lines.push(`msgid ${quoted(texts[0])}`, 'msgstr ""');
    }
    return lines.join('\n');
  })
  .sort((one, other) =>
    one.replace(/^#.*\n/gm, '') < other.replace(/^#.*\n/gm, '') ? -1 : 1
  );
const made = `${[header.trimEnd(), ...body].join('\n\n')}\n`;

if (untranslated.length > 0) {
  process.stderr.write(
    `error: shown, and not translated:\n  ${untranslated.join('\n  ')}\n`
  );
  process.exit(1);
}
if (!process.argv.includes('--check')) {
  writeFileSync(target, made);
} else if (readFileSync(target, 'utf8') !== made) {
  process.stderr.write(
    'error: locale/jupyter_repro.pot is old\nhint: npm run catalog\n'
  );
  process.exit(1);
}
