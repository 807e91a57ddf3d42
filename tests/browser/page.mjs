// Shared by the tests of a report's page: a browser, a page made by the program, and what must not happen meanwhile.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { IPCBENCH_PROGRAM: program, IPCBENCH_WEB_MODULES: modules, IPCBENCH_CHROMIUM: executablePath } = process.env;
const { chromium } = createRequire(join(modules, 'any.js'))('playwright-core');

const folder = mkdtempSync(join(tmpdir(), 'ipcbench-browser-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let pages = 0;

// Makes a report of these files, with more arguments of `ipcbench report`; returns the page's path.
export function report(files, ...more) {
  const path = join(folder, `page${++pages}.html`);
  const made = spawnSync(program, ['report', ...files, '-o', path, ...more], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  assert.equal(made.stdout, '');
  assert.equal(made.stderr, `${path}\n`);
  return path;
}

// Makes up a result of that kind; returns its file and what is in it.
export function sample(kind) {
  const file = join(folder, `${kind}.json`);
  const made = spawnSync(process.env.IPCBENCH_SAMPLES, [kind], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  assert.equal(made.status, 0, made.stderr);
  writeFileSync(file, made.stdout);
  return { file, result: JSON.parse(made.stdout) };
}

// Starts Chromium with its own home, silently.
export async function launch() {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'], env: { ...process.env, HOME: folder } });
}

// Opens the page at this width. Its complaints and requests are collected in `faults`.
export async function open(browser, path, { width = 1440, scripts = true, dark = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: scripts, colorScheme: dark ? 'dark' : 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) faults.push(message.text()); });
  page.on('pageerror', (error) => faults.push(String(error.stack)));
  page.on('request', (request) => { if (!/^(file|data|blob):/.test(request.url())) faults.push(`request ${request.url()}`); });
  page.on('dialog', (dialog) => { faults.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(`file://${path}`);
  if (scripts) await page.waitForFunction(() => document.documentElement.classList.contains('ready'));
  return { page, faults, close: () => context.close() };
}

// Scrolls a chart into view and waits until it is drawn.
export async function chart(page, id) {
  const figure = page.locator(`#chart-${id}`);
  await figure.scrollIntoViewIfNeeded();
  await page.waitForFunction((name) => ipcbench.cards.get(name)?.drawn, id);
  return figure;
}

// Returns what ECharts holds of a chart: {names of both axes, series: [{type, name, data}]}.
export const optionOf = (page, id) => page.evaluate((name) => {
  const { series, xAxis, yAxis } = ipcbench.cards.get(name).chart.getOption();
  const dataOf = (one) => one.data.map(({ value }) => ({ value }));
  return { names: [xAxis[0].name, yAxis[0].name],
    series: series.map((one) => ({ type: one.type, name: one.name, data: dataOf(one) })) };
}, id);
export const linesOf = async (page, id) => (await optionOf(page, id)).series.filter(({ type }) => type === 'line');

// Shows the hover box at a place of a logarithmic axis; returns its text and raw values.
export async function hoverAt(page, id, place) {
  const figure = await chart(page, id);
  const at = await page.evaluate(([name, wanted]) => {
    const { chart: one, plot } = ipcbench.cards.get(name);
    const x = one.convertToPixel({ xAxisIndex: 0 }, Math.log10(wanted));
    const box = plot.getBoundingClientRect();
    return { x: box.left + x, y: box.top + box.height / 2 };
  }, [id, place]);
  await page.mouse.move(at.x + 40, at.y + 20);
  await page.mouse.move(at.x, at.y, { steps: 4 });
  const tip = figure.locator('.tip');
  await tip.waitFor({ state: 'visible' });
  return tip.evaluate((box) => (
    { text: box.textContent, values: [...box.querySelectorAll('[data-v]')].map((cell) => Number(cell.dataset.v)) }));
}

// A test that waits for something that never comes fails with its name.
const WATCHDOG = 60_000; // ms

function watched(name, test, browser) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${name}: not done after ${WATCHDOG} ms`)), WATCHDOG); });
  return Promise.race([test(browser), late]).finally(() => clearTimeout(timer));
}

// Runs the tests one after the other; the first failure ends them all with its name.
export async function run(tests) {
  const browser = await launch();
  try {
    for (const [name, test] of Object.entries(tests)) {
      try {
        await watched(name, test, browser);
      } catch (error) {
        console.error(`${name}:\n${error.stack}`);
        process.exitCode = 1;
        return;
      }
      console.log(`ok ${name}`);
    }
  } finally {
    await Promise.race([browser.close(), new Promise((done) => { setTimeout(done, WATCHDOG / 4); })]);
    setImmediate(() => process.exit());
  }
}
