// node build.mjs MODULES OUTPUT: bundles src/main.js and what it imports from the folder MODULES (an `npm ci` of
// package-lock.json) into OUTPUT/page.js, and writes the licences of what is in it to OUTPUT/licences.txt.

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
  charset: 'ascii', // the same bytes wherever the page is read, and shorter to check than to trust
  legalComments: 'none', // licences.txt has them whole
  define: { 'process.env.NODE_ENV': '"production"', __DEV__: 'false' },
  metafile: true,
  logLevel: 'warning',
});

// Packages of which any byte has come into the bundle.
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
  // Those of parts that a package has taken over.
  const parts = join(folder, 'licenses');
  if (existsSync(parts)) for (const file of readdirSync(parts)) text += `${readFileSync(join(parts, file), 'utf8').trim()}\n\n`;
}
mkdirSync(output, { recursive: true });
writeFileSync(join(output, 'licences.txt'), text);
