// Checks the charts of casts in a browser, by a result that was made up.

import assert from 'node:assert/strict';

import { chart, hoverAt, linesOf, open, optionOf, report, run, sample } from './page.mjs';

const CHARTS = ['cast-rate', 'cast-worst', 'cast-fairness', 'cast-service'];

const { file, result } = sample('casts');
const path = report([file]);

// The case of that scenario and transport that has just these options.
const caseWith = (scenario, transport, options) => result.cases.find((one) => (
  one.scenario === scenario && one.transport === transport
  && JSON.stringify(Object.entries(one.options).sort()) === JSON.stringify(Object.entries(options).sort())));
const fanIn = (transport, producers) => (
  caseWith('fan-in', transport, { producers: String(producers), sharing: 'shared' }).summary);
const summaryOf = (page, id) => page.locator(`#chart-${id} .summary`).innerText();
const rising = (values) => values.sort((a, b) => a - b);
const isNear = (value, expected) => Math.abs(value / expected - 1) < 1e-9;
const rateOf = (summary) => summary.throughput?.messages_per_s.median ?? summary.notifications_per_s.median;
const show = (page, keys) => page.evaluate((shown) => ipcbench.state.set({ shown: new Set(shown) }), keys);
const view = (page, id, name) => page.locator(`#chart-${id} .views`).getByRole('button', { name, exact: true }).click();
const ALL = ['pipe', 'posix-mq', 'eventfd', 'unix-stream'];

await run({
  async 'a page of casts has their charts, and none that would be empty'(browser) {
    const { page, faults, close } = await open(browser, path);
    assert.deepEqual(await page.evaluate(() => [...ipcbench.cards.keys()]), [...CHARTS, 'launches']);
    for (const id of CHARTS) {
      const figure = await chart(page, id);
      const summary = await figure.locator('.summary').innerText();
      assert.match(summary, /\d/, id);
      assert.equal(await figure.locator('.plot').getAttribute('aria-label'), summary);
    }
    assert.deepEqual(await page.evaluate(() => [...ipcbench.data.members.keys()]), ALL);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'a channel is one line over its numbers of producers'(browser) {
    const { page, close } = await open(browser, path);
    await show(page, ALL);
    await chart(page, 'cast-rate');
    assert.deepEqual((await optionOf(page, 'cast-rate')).names, ['producers', 'messages a second, all together']);
    const lines = await linesOf(page, 'cast-rate');
    assert.deepEqual(lines.map(({ name }) => name), ['pipe shared', 'posix-mq shared', 'eventfd shared']);
    for (const { name, data } of lines) {
      assert.deepEqual(data.map(({ value }) => Math.round(10 ** value[0])), [2, 8, 32]);
      for (const [i, producers] of [2, 8, 32].entries()) {
        const expected = rateOf(fanIn(name.split(' ')[0], producers));
        assert.ok(isNear(10 ** data[i].value[1], expected), `${name}: ${10 ** data[i].value[1]} for ${expected}`);
      }
    }
    await close();
  },

  async 'hovering shows what the result has'(browser) {
    const { page, close } = await open(browser, path);
    await show(page, ALL);
    const rates = await hoverAt(page, 'cast-rate', 32);
    assert.match(rates.text, /^32 producers/);
    const expected = rising(['pipe', 'posix-mq', 'eventfd'].map((name) => rateOf(fanIn(name, 32))));
    assert.deepEqual(rates.values, expected.reverse(), 'the highest first');
    const both = (producers, figureOf) => (
      rising(['pipe', 'posix-mq'].map((name) => figureOf(fanIn(name, producers).cast))));
    const worst = await hoverAt(page, 'cast-worst', 8);
    assert.deepEqual(worst.values, both(8, (cast) => cast.worst_seat_p99.median));
    const fair = await hoverAt(page, 'cast-fairness', 2);
    assert.deepEqual(fair.values, both(2, (cast) => cast.fairness.median).reverse());
    await close();
  },

  async 'what may be chosen are the scenarios with the figure'(browser) {
    const { page, faults, close } = await open(browser, path);
    const views = async (id) => {
      await chart(page, id);
      return page.locator(`#chart-${id} .views button`).allInnerTexts();
    };
    const MANY = ['many-to-many, N → 2', 'many-to-many, N → N'];
    const rates = ['fan-in', 'fan-out', 'fan-out, each message to all', ...MANY];
    assert.deepEqual(await views('cast-rate'), rates);
    assert.deepEqual(await views('cast-fairness'), ['fan-in', ...MANY], 'one producer alone has no fairness');
    await view(page, 'cast-rate', 'fan-out, each message to all');
    assert.deepEqual((await optionOf(page, 'cast-rate')).names[0], 'consumers');
    assert.deepEqual((await linesOf(page, 'cast-rate')).map(({ name }) => name), ['pipe per-peer']);
    assert.match(await summaryOf(page, 'cast-rate'), /^fan-out, each message to all: 8 consumers, same-cpu, block\./);
    await view(page, 'cast-rate', MANY[1]);
    assert.deepEqual((await linesOf(page, 'cast-rate'))[0].data.map(({ value }) => Math.round(10 ** value[0])), [2, 8]);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'fairness is an index up to 1, on an axis that ends there'(browser) {
    const { page, close } = await open(browser, path);
    await show(page, ['pipe']);
    await chart(page, 'cast-fairness');
    const [line] = await linesOf(page, 'cast-fairness');
    const expected = [2, 8, 32].map((n) => fanIn('pipe', n).cast.fairness.median);
    assert.deepEqual(line.data.map(({ value }) => value[1]), expected);
    const { min, max } = await page.evaluate(() => ipcbench.cards.get('cast-fairness').option.yAxis);
    assert.ok(min < 0.6 && min > 0.4 && max < 1.1, `${min} to ${max}`);
    const one = /^fan-in: 32 producers, same-cpu, block\. pipe shared: 1\.00\.$/;
    assert.match(await summaryOf(page, 'cast-fairness'), one);
    await show(page, ALL);
    await chart(page, 'cast-fairness');
    assert.match(await summaryOf(page, 'cast-fairness'), /Fairest: .* 1\.00; least fair: /);
    await close();
  },

  async 'the service chart says from when on the mechanism hardly matters'(browser) {
    const { page, faults, close } = await open(browser, path);
    await show(page, ALL);
    const figure = await chart(page, 'cast-service');
    const lines = await linesOf(page, 'cast-service');
    assert.deepEqual(lines.map(({ name }) => name),
      ['pipe per-peer', 'pipe shared', 'unix-stream per-peer', 'highest rate ÷ lowest']);
    const at = lines[0].data.map(({ value }) => value[0]);
    assert.deepEqual(at.map((x) => Math.round(10 ** x)), [1000, 10_000, 1_000_000], '0 stands a decade before');
    const rateAt = (transport, sharing, more) => (
      rateOf(caseWith('server', transport, { producers: '8', sharing, ...more }).summary));
    const spread = [{}, { service: '10us' }, { service: '1ms' }]
      .map((more) => rateAt('pipe', 'per-peer', more) / rateAt('unix-stream', 'per-peer', more));
    lines[3].data.forEach(({ value }, i) => assert.ok(isNear(10 ** value[1], spread[i]), `${10 ** value[1]}`));
    assert.match(await figure.locator('.summary').innerText(), /From a service time of 1\.00 ms on.*within 10 %/);
    const { text, values } = await hoverAt(page, 'cast-service', 1000);
    assert.match(text, /^0/);
    assert.ok(Math.abs(values.at(-1) - spread[0]) < 1e-9, text);
    assert.match(text, /of 3 rows/);
    // Without a row's interval nothing is sure.
    await page.evaluate(() => {
      for (const c of ipcbench.data.cases) c.figures.messages_per_s?.splice(2);
      ipcbench.state.set({ language: 'en' });
    });
    await chart(page, 'cast-service');
    assert.match(await figure.locator('.summary').innerText(), /At no measured service time/);
    assert.deepEqual(faults, []);
    await close();
  },

  async 'the ways of sharing of one mechanism have different lines'(browser) {
    const { page, close } = await open(browser, path);
    await show(page, ['pipe']);
    await chart(page, 'cast-service');
    const types = await page.evaluate(() => ipcbench.cards.get('cast-service').option.series
      .filter(({ type, name }) => type === 'line' && name.startsWith('pipe'))
      .map(({ lineStyle }) => JSON.stringify(lineStyle.type)));
    assert.equal(new Set(types).size, 2);
    assert.equal(types.length, 2);
    await close();
  },

  async 'legend, language, theme and width are those of the other charts'(browser) {
    for (const width of [390, 1440]) {
      const { page, faults, close } = await open(browser, path, { width, dark: width === 390 });
      await page.evaluate(() => {
        document.documentElement.lang = 'zh-CN';
        ipcbench.state.set({ language: 'zh-CN', shown: new Set(['pipe']) });
      });
      for (const id of CHARTS) {
        await chart(page, id);
        const names = (await linesOf(page, id)).map(({ name }) => name);
        assert.ok(names.every((name) => /^pipe |最高速率/.test(name)), `${names}`);
        assert.match(await page.locator(`#chart-${id} .summary`).innerText(), /^[^:]+：.*[个时]/);
      }
      assert.equal((await optionOf(page, 'cast-rate')).names[0], '生产者数');
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth]);
      assert.ok(Math.max(...widths) <= width, `${widths} at ${width}`);
      assert.deepEqual(faults, []);
      await close();
    }
  },

  async 'two results lie over each other, each spread by itself'(browser) {
    const { page, faults, close } = await open(browser, report([file, file]));
    await show(page, ALL);
    await chart(page, 'cast-service');
    const names = (await linesOf(page, 'cast-service')).map(({ name }) => name);
    assert.equal(names.length, 2 * 3 + 1);
    assert.equal(new Set(names).size, names.length);
    assert.match((await hoverAt(page, 'cast-service', 1000)).text, /of 3 rows/);
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
    assert.match(await page.locator('table[data-table="fan-in/same-cpu"]').textContent(), /posix-mq/);
    await close();
  },
});
