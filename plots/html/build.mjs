// Bundles the page's program: node build.mjs MODULES OUTPUT. It writes src/main.js and its imports from MODULES (an
// `npm ci` of package-lock.json) to OUTPUT/page.js, and the licences of the bundled packages to OUTPUT/licences.txt.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [modules, output] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(modules, 'any.js'));
const { build } = await import(pathToFileURL(require.resolve('esbuild')));

const { metafile } = await build({
  entryPoints: [join(here, 'src/main.js')],
  outfile: join(output, 'page.js'),
  nodePaths: [modules],
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  charset: 'ascii', // independent of the page's encoding
  legalComments: 'none', // licences.txt holds them in full
  define: { 'process.env.NODE_ENV': '"production"', __DEV__: 'false' },
  metafile: true,
  logLevel: 'warning',
});

// The packages with at least one byte in the bundle.
const packages = new Set();
for (const { inputs } of Object.values(metafile.outputs)) {
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    if (name !== undefined && bytesInOutput > 0) packages.add(name);
  }
}

let text = '';
for (const name of [...packages].sort()) {
  const folder = join(modules, name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copyright)/i.test(entry.name)).map((entry) => entry.name).sort();
  if (files.length === 0) throw new Error(`${name} ${version} comes without a licence file`);
  text += `${name} ${version} (${license})\n\n`;
  for (const file of files) text += `${readFileSync(join(folder, file), 'utf8').trim()}\n\n`;
  // Licences of code that a package includes from others.
  const parts = join(folder, 'licenses');
  if (existsSync(parts)) for (const file of readdirSync(parts)) text += `${readFileSync(join(parts, file), 'utf8').trim()}\n\n`;
}
mkdirSync(output, { recursive: true });
writeFileSync(join(output, 'licences.txt'), text);
