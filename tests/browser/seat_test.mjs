// Checks the charts of many channels and of locks in a browser, by results that were made up.

import assert from 'node:assert/strict';

import { chart, hoverAt, linesOf, open, optionOf, report, run, sample } from './page.mjs';

const places = ({ data }) => data.map(({ value }) => Math.round(10 ** value[0]));
const namesOf = (lines) => lines.map(({ name }) => name);

await run({
  async 'a lock has turns, waits and hand-overs by its processes'(browser) {
    const { file, result } = sample('locks');
    const { page, faults, close } = await open(browser, report([file]));
    const shown = ['cast-rate', 'cast-worst', 'cast-handover', 'cast-fairness'];
    assert.deepEqual(await page.evaluate(() => [...ipcbench.cards.keys()]), [...shown, 'launches']);
    await page.evaluate(() => ipcbench.state.set({ shown: new Set(['mutex', 'posix-sem']) }));
    await chart(page, 'cast-rate');
    assert.deepEqual((await optionOf(page, 'cast-rate')).names, ['processes', 'turns a second, all together']);
    const lines = await linesOf(page, 'cast-rate');
    assert.deepEqual(namesOf(lines), ['mutex', 'posix-sem']);
    assert.deepEqual(places(lines[0]), [1, 2, 4]);
    const views = await page.locator('#chart-cast-rate .views button').allInnerTexts();
    assert.deepEqual(views, ['contended', 'contended, hold 1us']);
    const turnsOf = (transport) => result.cases.find((c) => c.transport === transport && c.options.producers === '4'
      && c.options.hold === undefined).summary.lock.turns_per_s.median;
    const rates = await hoverAt(page, 'cast-rate', 4);
    assert.match(rates.text, /^4 processes/);
    assert.deepEqual(rates.values, [turnsOf('mutex'), turnsOf('posix-sem')], 'the highest first');
    const handover = await hoverAt(page, 'cast-handover', 2);
    assert.deepEqual(handover.values, [1000, 1200]);
    await page.evaluate(() => ipcbench.state.set({ language: 'zh-CN' }));
    await chart(page, 'cast-handover');
    assert.equal((await optionOf(page, 'cast-handover')).names[0], '进程数');
    assert.deepEqual(faults, []);
    await close();
  },

  async 'many channels have a line for each way of waiting for them'(browser) {
    const { file } = sample('channels');
    const { page, faults, close } = await open(browser, report([file]), { width: 390, dark: true });
    await page.evaluate(() => ipcbench.state.set({ shown: new Set(['pipe']) }));
    await chart(page, 'cast-rate');
    assert.equal((await optionOf(page, 'cast-rate')).names[0], 'channels');
    const lines = await linesOf(page, 'cast-rate');
    assert.deepEqual(namesOf(lines), ['pipe epoll', 'pipe poll']);
    for (const line of lines) assert.deepEqual(places(line), [1, 16, 64, 256]);
    const summary = await page.locator('#chart-cast-rate .summary').innerText();
    assert.match(summary, /256 channels.*Falls most: pipe poll carries 8\.00 times less with 256 channels than with 1 channel\./);
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth]);
    assert.ok(Math.max(...widths) <= 390, `${widths}`);
    assert.deepEqual(faults, []);
    await close();
  },
});
