// Checks the charts of load curves in a browser, by a run of the program.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chart, hoverAt, linesOf, open, optionOf, report, run } from './page.mjs';

const folder = mkdtempSync(join(tmpdir(), 'ipcbench-load-page-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const CHARTS = ['load-latency', 'load-cpu', 'load-times'];
const RATES = [1000, 2000];

const TRANSPORTS = ['pipe', 'sysv-shm'];
const file = join(folder, 'load.json');

function measure() {
  const words = ['load', '--transport', TRANSPORTS.join(), '--placement', 'same-cpu', '--rate', RATES.join(),
    '--passes', '6', '-o', file];
  const made = spawnSync(process.env.IPCBENCH_PROGRAM, words, { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  return JSON.parse(readFileSync(file, 'utf8'));
}

// A machine that others use may not sustain even these rates: then the page has fewer lines. The tests expect what the
// result holds, but need a transport that has all its figures.
let result;
const caseWith = (transport, rate) => (
  result.cases.find((one) => one.transport === transport && one.options.rate === rate));
const caseAt = (transport, rate) => caseWith(transport, String(rate));
const saturationOf = (transport) => caseWith(transport, undefined);
const timeAt = (transport, rate) => caseAt(transport, rate).summary.service_ns.p50.median ?? NaN;
const receiverAt = (transport, rate) => caseAt(transport, rate).summary.load.consumer_cpu_ns_per_op.median ?? NaN;
const isWhole = (transport) => saturationOf(transport).summary.load.saturation_per_s.median > 0
  && RATES.every((rate) => timeAt(transport, rate) > 0 && receiverAt(transport, rate) > 0);
const withAny = (figureAt) => TRANSPORTS.filter((transport) => RATES.some((rate) => figureAt(transport, rate) > 0));
let whole;
for (let attempt = 0; attempt < 5 && whole === undefined; ++attempt) {
  rmSync(file, { force: true });
  result = measure();
  whole = TRANSPORTS.find(isWhole);
}
assert.ok(whole, 'no transport has all its figures in five runs');
const shown = withAny(timeAt);
const path = report([file]);

await run({
  async 'a page of loads has their charts, and none that would be empty'(browser) {
    const { page, faults, close } = await open(browser, path);
    assert.deepEqual(await page.evaluate(() => [...ipcbench.cards.keys()]), [...CHARTS, 'launches']);
    for (const id of CHARTS) {
      const figure = await chart(page, id);
      // The figure of both sides may be unknown.
      if (id === 'load-cpu') await figure.getByRole('button', { name: 'receiver' }).click();
      const summary = await figure.locator('.summary').innerText();
      assert.match(summary, /\d/, id);
      assert.equal(await figure.locator('.plot').getAttribute('aria-label'), summary);
    }
    assert.equal(await page.locator('table[data-table="load/same-cpu"]').count(), 1);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'a channel is one line, whatever its rates'(browser) {
    const { page, close } = await open(browser, path);
    assert.deepEqual(await page.evaluate(() => [...ipcbench.data.members.keys()]), TRANSPORTS);
    await chart(page, 'load-latency');
    const lines = await linesOf(page, 'load-latency');
    assert.deepEqual(lines.map(({ name }) => name), shown);
    for (const { name, data } of lines) {
      assert.deepEqual(data.map(({ value }) => Math.round(10 ** value[0])), RATES);
      data.forEach(({ value }, i) => {
        const ns = timeAt(name, RATES[i]);
        const isSame = Number.isNaN(ns) ? !Number.isFinite(value[1]) : Math.abs(10 ** value[1] / ns - 1) < 1e-9;
        assert.ok(isSame, `${name}: ${10 ** value[1]} for ${ns}`);
      });
    }
    await close();
  },

  async 'hovering shows what the result has of a rate and of a saturation'(browser) {
    const { page, close } = await open(browser, path);
    const { text, values } = await hoverAt(page, 'load-latency', RATES[1]);
    const expected = shown.map((transport) => timeAt(transport, RATES[1])).filter((ns) => ns > 0).sort((a, b) => a - b);
    assert.deepEqual(values.filter(Number.isFinite), expected, text);
    assert.match(text, /2\.00 k\/s/);
    const most = saturationOf(whole).summary.load.saturation_per_s.median;
    const saturation = await hoverAt(page, 'load-latency', most);
    assert.ok(saturation.text.includes(`${whole}: saturation`), saturation.text);
    assert.ok(saturation.values.includes(most), saturation.text);
    const both = await hoverAt(page, 'load-times', RATES[0]);
    const { response_ns: response, service_ns: service } = caseAt(whole, RATES[0]).summary;
    assert.ok(both.values.includes(response.p50.median) && both.values.includes(service.p50.median), both.text);
    assert.ok(both.text.includes(`${whole}: response`), both.text);
    await close();
  },

  async 'the axis says which time it is, and what is missing has its reason'(browser) {
    const { page, faults, close } = await open(browser, path);
    await chart(page, 'load-latency');
    assert.equal((await optionOf(page, 'load-latency')).names[1], 'service, p50');
    // As if the pacer had spun, a channel had been overloaded and too few messages had been sent for p99.9.
    await page.evaluate((key) => {
      for (const c of ipcbench.data.cases) {
        if (c.headline) c.headline = 'response';
        delete c.figures.response_p999_ns;
        delete c.figures.cpu_ns_per_op;
      }
      const [first] = ipcbench.data.curves.find((curve) => curve.key === key).cases;
      first.overloaded = true;
      delete first.figures.response_p50_ns;
      for (const curve of ipcbench.data.curves) curve.pacer = 'spin';
      ipcbench.state.set({ language: 'en' });
    }, whole);
    const { text } = await hoverAt(page, 'load-latency', RATES[0]);
    assert.equal((await optionOf(page, 'load-latency')).names[1], 'response, p50');
    assert.match(text, new RegExp(`${whole}\\s*— not sustained: no latency`));
    const line = (await linesOf(page, 'load-latency')).find(({ name }) => name === whole);
    assert.deepEqual(line.data.map(({ value }) => Number.isFinite(value[1])), [false, true], 'the line is interrupted');
    await chart(page, 'load-cpu');
    const why = await page.locator('#chart-load-cpu .plot').innerText();
    assert.match(why, /a spinning pacer's CPU time[^]*Choose the receiver's/);
    await page.locator('#chart-load-cpu').getByRole('button', { name: 'receiver' }).click();
    assert.deepEqual((await linesOf(page, 'load-cpu')).map(({ name }) => name), withAny(receiverAt));
    await page.locator('#chart-load-latency').getByRole('button', { name: 'p99.9' }).click();
    assert.match(await page.locator('#chart-load-latency .plot').innerText(), /Nothing of what is chosen/);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'legend, language, theme, width and paper are those of the other charts'(browser) {
    for (const width of [390, 1440]) {
      const { page, faults, close } = await open(browser, path, { width, dark: width === 390 });
      for (const id of CHARTS) await chart(page, id);
      await page.locator('#chart-load-cpu .views button').nth(1).click(); // the receiver's
      await page.evaluate((key) => {
        document.documentElement.lang = 'zh-CN';
        ipcbench.state.set({ language: 'zh-CN', shown: new Set([key]) });
      }, whole);
      for (const id of CHARTS) {
        await chart(page, id);
        assert.ok((await linesOf(page, id)).every(({ name }) => name === whole), id);
        assert.match(await page.locator(`#chart-${id} .summary`).innerText(), /饱和速率/);
      }
      assert.equal((await optionOf(page, 'load-latency')).names[0], '每秒消息数');
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth]);
      assert.ok(Math.max(...widths) <= width, `${widths} at ${width}`);
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      assert.equal(await page.evaluate(() => ipcbench.cards.get('load-times').option.backgroundColor), '#fff');
      assert.deepEqual(faults, []);
      await close();
    }
  },

  async 'two results lie over each other'(browser) {
    const { page, faults, close } = await open(browser, report([file, file]));
    await chart(page, 'load-latency');
    const names = (await linesOf(page, 'load-latency')).map(({ name }) => name);
    assert.equal(names.length, 2 * shown.length);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'without scripts gnuplot has drawn them'(browser) {
    const { page, close } = await open(browser, path, { scripts: false });
    if (process.env.IPCBENCH_GNUPLOT) {
      for (const id of CHARTS) {
        const image = page.locator(`#chart-${id} noscript img`);
        await image.scrollIntoViewIfNeeded();
        assert.ok(await image.evaluate((one) => one.decode().then(() => one.naturalWidth)) > 0, id);
      }
    }
    assert.match(await page.locator('table[data-table="load/same-cpu"]').textContent(), /saturation/);
    await close();
  },
});
