// Checks the chart of round trips after silence in a browser, by a run of the program.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chart, hoverAt, linesOf, open, optionOf, report, run } from './page.mjs';

const folder = mkdtempSync(join(tmpdir(), 'ipcbench-idle-page-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const ID = 'load-idle';
const TRANSPORTS = ['pipe', 'sysv-sem'];
const SILENCES = { '1ms': 1e6, '10ms': 1e7 };
const file = join(folder, 'idle.json');

const made = spawnSync(process.env.IPCBENCH_PROGRAM, ['run', '--scenario', 'rate', '--transport', TRANSPORTS.join(),
  '--placement', 'same-cpu', '--option', Object.keys(SILENCES).map((silence) => `silence=${silence}`).join(), '--passes', '6', '-o', file],
{ encoding: 'utf8' });
assert.equal(made.status, 0, made.stderr);
const result = JSON.parse(readFileSync(file, 'utf8'));
const caseAt = (transport, silence) => (
  result.cases.find((one) => one.transport === transport && one.options.silence === silence));
const medianAt = (...which) => caseAt(...which).summary.service_ns.p50.median;
const longestAt = (...which) => (
  Math.max(...caseAt(...which).launches.map((launch) => launch.load.service_max_ns)));
const path = report([file]);

await run({
  async 'a channel has a line of medians and one of the longest'(browser) {
    const { page, faults, close } = await open(browser, path);
    assert.deepEqual(await page.evaluate(() => [...ipcbench.cards.keys()]), [ID, 'launches']);
    await chart(page, ID);
    assert.deepEqual((await optionOf(page, ID)).names, ['silence before the message', 'service']);
    const lines = await linesOf(page, ID);
    assert.deepEqual(lines.map(({ name }) => name), TRANSPORTS.flatMap((name) => [name, name]));
    lines.forEach(({ name, data }, i) => {
      const expected = i % 2 === 0 ? medianAt : longestAt;
      Object.entries(SILENCES).forEach(([silence, ns], at) => {
        const [x, y] = data[at].value;
        assert.equal(Math.round(10 ** x), ns);
        assert.ok(Math.abs(10 ** y / expected(name, silence) - 1) < 1e-9, `${name} ${silence}: ${10 ** y}`);
      });
    });
    assert.deepEqual(faults, []);
    await close();
  },

  async 'hovering shows medians with intervals and the longest'(browser) {
    const { page, close } = await open(browser, path);
    const { text, values } = await hoverAt(page, ID, SILENCES['1ms']);
    const expected = TRANSPORTS.flatMap((name) => [medianAt(name, '1ms'), longestAt(name, '1ms')]);
    assert.deepEqual(values, expected.sort((a, b) => a - b), text);
    assert.match(text, /1\.00 ms/);
    assert.match(text, /pipe: longest/);
    assert.match(await page.locator(`#chart-${ID} .summary`).innerText(), /^1\.00 ms, same-cpu, block\..*After 10\.0 ms/);
    await close();
  },

  async 'a pooled median has no band and says so; what has none interrupts the line'(browser) {
    const { page, faults, close } = await open(browser, path);
    await page.evaluate(() => {
      const [pooled, missing] = ipcbench.data.idleRows[0].cases;
      pooled.figures.service_p50_pooled_ns = [12345, 30];
      for (const c of [pooled, missing]) delete c.figures.service_p50_ns;
      delete missing.figures.service_p50_pooled_ns;
      ipcbench.state.set({ language: 'en' });
    });
    await chart(page, ID);
    const [line] = await linesOf(page, ID);
    assert.equal(Math.round(10 ** line.data[0].value[1]), 12345);
    assert.ok(!Number.isFinite(line.data[1].value[1]));
    const { text } = await hoverAt(page, ID, SILENCES['1ms']);
    assert.match(text, /12\.3 µs\s*n 30, of all launches together: no interval/);
    assert.match((await hoverAt(page, ID, SILENCES['10ms'])).text, /— too few messages/);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'legend, language and width are those of the other charts'(browser) {
    const { page, faults, close } = await open(browser, path, { width: 390, dark: true });
    await chart(page, ID);
    await page.evaluate(() => {
      document.documentElement.lang = 'zh-CN';
      ipcbench.state.set({ language: 'zh-CN', shown: new Set(['sysv-sem']) });
    });
    await chart(page, ID);
    assert.ok((await linesOf(page, ID)).every(({ name }) => name === 'sysv-sem'));
    assert.match(await page.locator(`#chart-${ID} .summary`).innerText(), /静默/);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 390);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'without scripts gnuplot has drawn it'(browser) {
    const { page, close } = await open(browser, path, { scripts: false });
    if (process.env.IPCBENCH_GNUPLOT) {
      const image = page.locator(`#chart-${ID} noscript img`);
      await image.scrollIntoViewIfNeeded();
      assert.ok(await image.evaluate((one) => one.decode().then(() => one.naturalWidth)) > 0);
    }
    assert.match(await page.locator('table[data-table="idle/same-cpu"]').textContent(), /pipe/);
    await close();
  },
});
