// Checks the page of a real run in a browser.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { chart, open, report, run } from './page.mjs';

const published = process.env.IPCBENCH_PUBLISHED;
const result = JSON.parse(readFileSync(published, 'utf8'));
const path = report([published]);
const CHARTS = ['distribution', 'latency-size', 'throughput', 'cpu-latency', 'counts', 'memory', 'setup', 'placements', 'launches'];

const caseOf = (id) => result.cases.find((one) => one.id === id);

// Returns how many colors a chart's canvas has.
const colors = (page, id) => page.evaluate((name) => {
  const canvas = document.querySelector(`#chart-${name} canvas`);
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return seen.size;
}, id);

const series = (page, id) => page.evaluate((name) => ipcbench.cards.get(name).chart.getOption().series.map((one) => one.data.length), id);

// Moves the mouse onto the point of this case; returns the hover box's texts and raw values.
async function hover(page, id, caseId, seriesType) {
  const at = await page.evaluate(([name, wanted, type]) => {
    const { chart: one, plot } = ipcbench.cards.get(name);
    const index = ipcbench.data.cases.findIndex((c) => c.id === wanted);
    const all = one.getOption().series;
    for (let s = 0; s < all.length; ++s) {
      const item = all[s].type === type ? all[s].data.find((data) => data.c === index) : undefined;
      if (item === undefined) continue;
      const [x, y] = one.convertToPixel({ seriesIndex: s }, item.value);
      const box = plot.getBoundingClientRect();
      return { x: box.left + x, y: box.top + y };
    }
    return null;
  }, [id, caseId, seriesType]);
  assert.ok(at, `no point of ${caseId} in ${id}`);
  await page.mouse.move(at.x + 30, at.y + 30);
  await page.mouse.move(at.x, at.y, { steps: 4 });
  const tip = page.locator(`#chart-${id} .tip`);
  await tip.waitFor({ state: 'visible' });
  return tip.evaluate((box) => ({ text: box.textContent, values: [...box.querySelectorAll('[data-v]')].map((cell) => Number(cell.dataset.v)) }));
}

await run({
  async 'opens without an error, a warning or a request'(browser) {
    const { page, faults, close } = await open(browser, path);
    for (const id of CHARTS) await chart(page, id);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'every chart is drawn and says what it shows'(browser) {
    const { page, close } = await open(browser, path);
    for (const id of CHARTS) {
      const figure = await chart(page, id);
      assert.ok((await series(page, id)).some((length) => length > 0), `${id} has no data`);
      assert.ok((await colors(page, id)) > 10, `${id} is blank`);
      assert.match(await figure.locator('.summary').innerText(), /\d/, id);
      assert.equal(await figure.locator('.plot').getAttribute('aria-label'), await figure.locator('.summary').innerText());
    }
    await close();
  },

  async 'charts out of view are drawn when they come into it'(browser) {
    const { page, close } = await open(browser, path);
    assert.equal(await page.evaluate(() => ipcbench.cards.get('setup').drawn), false);
    await chart(page, 'setup');
    await close();
  },

  async 'every view of a chart is drawn'(browser) {
    const { page, faults, close } = await open(browser, path);
    for (const id of CHARTS) {
      const figure = await chart(page, id);
      const buttons = figure.locator('.views button[aria-pressed="false"]');
      for (let i = 0; i < await buttons.count(); ++i) {
        await buttons.nth(i).click();
        assert.ok((await colors(page, id)) > 10, `${id}, view ${i}`);
      }
    }
    assert.deepEqual(faults, []);
    await close();
  },

  async 'hovering shows the value of the result'(browser) {
    const { page, close } = await open(browser, path);
    await chart(page, 'throughput');
    const pipe = 'streaming/pipe/block/65536/same-cpu';
    const bytes = caseOf(pipe).summary.throughput.bytes_per_s;
    const shown = await hover(page, 'throughput', pipe, 'line');
    assert.ok(shown.values.includes(bytes.median), `${bytes.median} is not in ${shown.text}`);

    await chart(page, 'cpu-latency');
    const tcp = 'ping-pong/tcp/block/64/same-cpu';
    const point = await hover(page, 'cpu-latency', tcp, 'scatter');
    assert.deepEqual(point.values, [caseOf(tcp).summary.rtt_ns.p50.median, caseOf(tcp).summary.cpu_ns_per_op.median]);

    await chart(page, 'setup');
    const setup = 'setup/pipe/block/64/same-cpu';
    const { create, connect, teardown } = caseOf(setup).summary.setup_ns;
    const costs = await hover(page, 'setup', setup, 'scatter');
    assert.deepEqual(costs.values, [create.median, connect.median, teardown.median]);
    await close();
  },

  async 'a case at its largest says so, in the list, the hover box and both languages'(browser) {
    const one = caseOf('streaming/sysv-mq/block/8192/same-cpu');
    const { page, faults, close } = await open(browser, path);
    await chart(page, 'throughput');
    const shown = await hover(page, 'throughput', one.id, 'line');
    assert.match(shown.text, /its largest/);
    assert.match(shown.text, /msgmax is 8192; 64 KiB asked/);
    assert.ok(shown.values.includes(one.summary.throughput.bytes_per_s.median));
    await page.evaluate((id) => {
      ipcbench.state.set({ language: 'zh-CN' });
      document.querySelector('#cases input').value = '';
      [...document.querySelectorAll('#cases td button')].find((button) => button.textContent === id)?.click();
    }, one.id);
    const chinese = await page.evaluate((id) => ipcbench.data.cases.find((c) => c.id === id).largestIn('zh-CN'), one.id);
    assert.match(chinese, /8 KiB，为其上限：.*；要求64 KiB/);
    assert.deepEqual(await page.evaluate(() => ipcbench.data.sizes.includes(8192)), false);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'a percentile is that of all used launches together'(browser) {
    const { page, close } = await open(browser, path);
    const one = caseOf('ping-pong/pipe/block/64/same-cpu');
    const counts = new Map();
    for (const launch of one.launches.filter((launch) => launch.used)) {
      launch.histogram.values_ns.forEach((ns, i) => counts.set(ns, (counts.get(ns) ?? 0) + launch.histogram.counts[i]));
    }
    const sorted = [...counts].sort((a, b) => a[0] - b[0]);
    const total = sorted.reduce((sum, [, count]) => sum + count, 0);
    let left = Math.ceil(total * 0.99);
    const [low] = sorted.find(([, count]) => (left -= count) <= 0);
    const found = await page.evaluate((id) => ipcbench.data.cases.find((c) => c.id === id).distribution.quantile(0.99), one.id);
    assert.ok(found >= low && found < low * (1 + 1 / 128) + 1, `${found} is not in the bucket of ${low}`);
    await close();
  },

  async 'a box that is dragged zooms, and the ticks follow'(browser) {
    const { page, close } = await open(browser, path);
    await chart(page, 'cpu-latency');
    const range = () => page.evaluate(() => ipcbench.cards.get('cpu-latency').chart.getModel().getComponent('xAxis', 0).axis.scale.getExtent());
    const ticks = () => page.evaluate(() => ipcbench.cards.get('cpu-latency').chart.getOption().xAxis[0].axisLabel.customValues);
    const [low, high] = await range();
    const before = await ticks();
    await page.evaluate(() => ipcbench.cards.get('cpu-latency').chart.dispatchAction(
      { type: 'takeGlobalCursor', key: 'dataZoomSelect', dataZoomSelectActive: true }));
    const box = await page.locator('#chart-cpu-latency canvas').first().boundingBox();
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.6, { steps: 5 });
    await page.mouse.up();
    const [zoomedLow, zoomedHigh] = await range();
    assert.ok(zoomedHigh - zoomedLow < (high - low) / 2, `${zoomedLow} to ${zoomedHigh} of ${low} to ${high}`);
    assert.notDeepEqual(await ticks(), before);
    await close();
  },

  async 'the legend filters mechanisms'(browser) {
    const { page, close } = await open(browser, path);
    await chart(page, 'throughput');
    const legend = page.locator('.legend');
    const lines = async () => (await page.evaluate(() => ipcbench.cards.get('throughput').chart.getOption().series
      .filter((one) => one.type === 'line').map((one) => one.name)));
    assert.ok((await lines()).includes('tcp'));
    await legend.getByRole('searchbox').fill('unix');
    assert.equal(await legend.locator('label.member:visible').count(), 3);
    await legend.getByRole('button', { name: 'only these' }).click();
    assert.deepEqual((await lines()).filter((name) => name !== 'memcpy'), ['unix-stream', 'unix-dgram', 'unix-seqpacket']);
    await legend.getByRole('searchbox').fill('');
    await legend.getByRole('checkbox', { name: 'network socket' }).check();
    assert.ok((await lines()).includes('udp6'));
    await legend.getByRole('button', { name: 'none', exact: true }).click();
    assert.match(await page.locator('#chart-throughput .plot').innerText(), /Nothing of what is chosen/);
    await legend.getByRole('button', { name: 'all', exact: true }).click();
    assert.ok((await lines()).length > 20);
    await close();
  },

  async 'the placement is chosen for all charts'(browser) {
    const { page, close } = await open(browser, path);
    await chart(page, 'distribution');
    await page.getByRole('button', { name: 'same-l3', exact: true }).click();
    await chart(page, 'distribution');
    assert.match(await page.locator('#chart-distribution .summary').innerText(), /same-l3/);
    await close();
  },

  async 'the language changes everywhere, and keeps the focus'(browser) {
    const { page, faults, close } = await open(browser, path);
    await chart(page, 'distribution');
    const chinese = page.getByRole('button', { name: '中文' });
    await chinese.focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
    assert.match(await page.locator('h1').innerText(), /实测报告/);
    await chart(page, 'distribution');  // scrolls far from the buttons
    assert.match(await page.locator('#chart-distribution .summary').innerText(), /最低/);
    assert.match(await page.locator('#chart-distribution .views').innerText(), /直方图/);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), '中文');
    assert.doesNotMatch(await page.locator('body').innerText(), /How to read it/);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'the theme follows the system until it is chosen'(browser) {
    const { page, close } = await open(browser, path, { dark: true });
    await chart(page, 'distribution');
    const ground = () => page.evaluate(() => [getComputedStyle(document.body).backgroundColor, ipcbench.cards.get('distribution').option.backgroundColor]);
    assert.deepEqual(await ground(), ['rgb(20, 23, 27)', '#14171b']);
    await page.getByRole('button', { name: 'light', exact: true }).click();
    await chart(page, 'distribution');
    assert.deepEqual(await ground(), ['rgb(255, 255, 255)', '#fff']);
    await close();
  },

  async 'tables are sorted by keyboard'(browser) {
    const { page, close } = await open(browser, path);
    const summary = page.locator('details.table:has(table[data-table="ping-pong/same-cpu"]) summary');
    await summary.focus();
    await page.keyboard.press('Enter');
    const table = page.locator('table[data-table="ping-pong/same-cpu"]');
    const header = table.locator('th[data-key="rtt_p99_ns"]');
    const values = () => table.locator('tbody').last().evaluate((part) => {
      const column = [...part.parentNode.tHead.rows[0].cells].findIndex((cell) => cell.dataset.key === 'rtt_p99_ns');
      return [...part.rows].filter((row) => !row.classList.contains('part')).map((row) => row.cells[column].dataset.v).filter((v) => v).map(Number);
    });
    const ascending = [...await values()].sort((a, b) => a - b);
    assert.notDeepEqual(await values(), ascending);
    await header.getByRole('button').focus();
    await page.keyboard.press('Enter');
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual(await values(), ascending);
    await page.keyboard.press('Space');
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
    assert.deepEqual(await values(), ascending.reverse());
    assert.equal(await table.locator('th[aria-sort]').count(), 1);
    await close();
  },

  async 'the comparison comes first and says word, number and verdict'(browser) {
    for (const dark of [false, true]) {
      const { page, faults, close } = await open(browser, path, { dark });
      assert.equal(await page.evaluate(() => document.querySelector('main table').dataset.table), 'comparison/same-cpu');
      const cell = page.locator('table[data-table="comparison/same-cpu"] tbody').first().locator('td').first();
      const { median, ci95 } = caseOf('ping-pong/pipe/block/64/same-cpu').summary.rtt_ns.p50;
      const [value, low, high] = [median, ...ci95].map((ns) => (ns / 1000).toPrecision(3));
      assert.equal(Number(await cell.getAttribute('data-v')), median);
      const words = await cell.innerText();
      assert.match(words, /very low\s*≠[^]*contradicts[^]*medium/);
      assert.ok(words.includes(`${value} µs [${low}, ${high}]`), words);
      // Legible: a contrast of at least 4.5 : 1 between a word and its background (WCAG 2.1, 1.4.3).
      const ratios = await page.evaluate(() => [...document.querySelectorAll('.word, .said, .verdict')].map((chip) => {
        const channels = (text) => text.match(/[\d.]+/g).map(Number);
        const luminance = (rgb) => rgb.slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
          .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const style = getComputedStyle(chip);
        const own = channels(style.backgroundColor);
        const ground = own.length > 3 && own[3] === 0 ? channels(getComputedStyle(document.body).backgroundColor) : own;
        const [a, b] = [luminance(channels(style.color)), luminance(ground)].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
      }));
      assert.ok(ratios.length > 60 && Math.min(...ratios) >= 4.5, `${Math.min(...ratios)}`);
      assert.deepEqual(faults, []);
      await close();
    }
  },

  async 'a row of the comparison opens to its variants by keyboard'(browser) {
    const { page, close } = await open(browser, path);
    const row = page.locator('table[data-table="comparison/same-cpu"] tbody').first();
    const variant = row.locator('tr.variant').first();
    assert.equal(await variant.isVisible(), false);
    const button = row.getByRole('button');
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
    await button.focus();
    await page.keyboard.press('Enter');
    assert.equal(await button.getAttribute('aria-expanded'), 'true');
    assert.match(await variant.innerText(), /fifo/);
    assert.equal(await variant.isVisible(), true);
    await page.keyboard.press('Space');
    assert.equal(await variant.isVisible(), false);
    await close();
  },

  async 'the comparison is sorted by its rows, and variants stay below theirs'(browser) {
    const { page, close } = await open(browser, path);
    const table = page.locator('table[data-table="comparison/same-cpu"]');
    const values = () => table.evaluate((one) => [...one.tBodies].map((part) => Number(part.rows[0].cells[1].dataset.v)));
    await table.locator('th[data-key="latency"]').getByRole('button').click();
    assert.deepEqual(await values(), [...await values()].sort((a, b) => a - b));
    assert.match(await table.locator('tbody').last().textContent(), /D-Bus[^]*dbus-peer/);
    assert.equal(await table.evaluate((one) => one.lastElementChild.tagName), 'TFOOT');
    // Rows without a figure are last in both directions.
    for (let i = 0; i < 2; ++i) {
      await table.locator('th[data-key="memory"]').getByRole('button').click();
      assert.match(await table.locator('tbody').last().innerText(), /^signal/);
    }
    await close();
  },

  async 'a case shows all its figures and launches'(browser) {
    const { page, close } = await open(browser, path);
    const cases = page.locator('#cases');
    await cases.getByRole('searchbox').fill('ping-pong/tcp/block same-cpu');
    await cases.getByRole('button', { name: 'ping-pong/tcp/block/64/same-cpu' }).click();
    const text = await cases.locator('.detail').innerText();
    assert.match(text, /rtt_p50_ns/);
    assert.equal(await cases.locator('.detail table').last().locator('tbody tr').count(), caseOf('ping-pong/tcp/block/64/same-cpu').launches.length);
    await close();
  },

  async 'numbers read the same in tables and charts'(browser) {
    const { page, close } = await open(browser, path);
    await chart(page, 'cpu-latency');
    const id = 'ping-pong/pipe/block/64/same-cpu';
    const { text } = await hover(page, 'cpu-latency', id, 'scatter');
    const cell = await page.evaluate(() => {
      const rows = [...document.querySelectorAll('table[data-table="ping-pong/same-cpu"] tbody tr')];
      return rows.find((row) => row.cells[1]?.textContent === 'pipe').cells[3].textContent;
    });
    assert.ok(text.includes(cell), `${cell} is not in ${text}`);
    await close();
  },

  async 'nothing is wider than the window'(browser) {
    for (const width of [360, 1440]) {
      const { page, faults, close } = await open(browser, path, { width });
      for (const id of CHARTS) await chart(page, id);
      for (const details of await page.locator('details').all()) await details.evaluate((one) => { one.open = true; });
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth]);
      assert.ok(Math.max(...widths) <= width, `${widths} at ${width}`);
      assert.deepEqual(faults, []);
      await close();
    }
  },

  async 'without scripts the tables are there'(browser) {
    const { page, faults, close } = await open(browser, path, { scripts: false });
    for (const table of ['comparison/same-cpu', 'claims', 'guide', 'run']) {
      assert.equal(await page.locator(`table[data-table="${table}"]`).isVisible(), true, table);
    }
    for (const variant of await page.locator('tr.variant').all()) assert.equal(await variant.isVisible(), true);
    if (process.env.IPCBENCH_GNUPLOT) {
      const images = page.locator('figure[data-chart] noscript img');
      assert.ok(await images.count() >= 5);
      for (const image of await images.all()) {
        await image.scrollIntoViewIfNeeded();
        assert.equal(await image.isVisible(), true);
        assert.ok(await image.evaluate((one) => one.decode().then(() => one.naturalWidth)) > 0);
        assert.ok((await image.boundingBox()).width > 500);
      }
    }
    await page.locator('details.table:has(table[data-table="ping-pong/same-cpu"]) summary').click();
    assert.match(await page.locator('table[data-table="ping-pong/same-cpu"]').innerText(), /posix-shm/);
    assert.equal(await page.locator('#chart-distribution noscript').isVisible(), true);
    assert.equal(await page.locator('#controls').isVisible(), false);
    assert.deepEqual(faults.filter((fault) => !/script/i.test(fault)), []);
    await close();
  },

  async 'two runs are drawn over each other'(browser) {
    const both = report([published, published], '--lang', 'zh');
    const { page, faults, close } = await open(browser, both);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
    await chart(page, 'throughput');
    const lines = await page.evaluate(() => ipcbench.cards.get('throughput').chart.getOption().series.filter((one) => one.type === 'line').map((one) => one.name));
    assert.equal(lines.filter((name) => name.startsWith('pipe')).length, 2, lines.join());
    assert.deepEqual(faults, []);
    await close();
  },

  async 'paper is white and has every chart'(browser) {
    const { page, faults, close } = await open(browser, path, { dark: true });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    for (const id of CHARTS) assert.ok((await colors(page, id)) > 10, id);
    assert.equal(await page.evaluate(() => ipcbench.cards.get('setup').option.backgroundColor), '#fff');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.deepEqual(faults, []);
    await close();
  },
});
