// Checks that names from a result file, which is untrusted, never run as code.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chart, open, report, run } from './page.mjs';

const folder = mkdtempSync(join(tmpdir(), 'ipcbench-hostile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const BAD = [
  '</script><script>globalThis.owned = 1</script>',
  '<img src=x onerror="globalThis.owned = 1">',
  '"><svg onload="globalThis.owned = 1">',
  '<b style="color:red">{a} {b} {c}</b>',
  '__proto__', 'constructor', '{value|x}',
];

// Returns the published run with a bad name in place of every name.
function poisoned(bad) {
  const result = JSON.parse(readFileSync(process.env.IPCBENCH_PUBLISHED, 'utf8'));
  result.cases = result.cases.filter((one) => /pipe|unix|tcp|sysv/.test(one.transport));
  for (const transport of result.transports) {
    transport.family = transport.row = transport.name.startsWith('unix') ? bad : transport.family + bad;
    transport.summary = bad;
    transport.name += bad;
  }
  for (const one of result.cases) {
    one.id += bad;
    one.transport += bad;
    one.placement += bad;
    one.wait = one.wait === 'block' ? 'block' : bad;
    one.summary.notes = [bad];
    one.at_largest = { asked: [2 ** 40], limit: bad };
    one.summary.channel_bytes.source = bad;
    for (const launch of one.launches) launch.state = launch.state === null ? null : bad;
  }
  for (const floor of result.floors) floor.placement += bad;
  result.machine.cpu = result.suite = result.command = bad;
  result.machine.checks = [{ id: bad, severity: 'wrong', text: bad, source: bad, value: bad, mend: bad }];
  result.notes = [bad];
  const path = join(folder, `${encodeURIComponent(bad).slice(0, 40)}.json`);
  writeFileSync(path, JSON.stringify(result));
  return path;
}

await run(Object.fromEntries(BAD.map((bad) => [`nothing of ${bad} runs`, async (browser) => {
  const { page, faults, close } = await open(browser, report([poisoned(bad)]));
  const ids = await page.evaluate(() => [...ipcbench.cards.keys()]);
  assert.equal(ids.length, 9);
  for (const id of ids) {
    await chart(page, id);
    // Shows every hover box of the chart.
    await page.evaluate((name) => {
      const one = ipcbench.cards.get(name).chart;
      one?.getOption().series.forEach((series, seriesIndex) => one.dispatchAction({ type: 'showTip', seriesIndex, dataIndex: 0 }));
    }, id);
  }
  await page.locator('#cases td button').first().click();
  assert.equal(await page.evaluate(() => globalThis.owned), undefined);
  assert.equal(await page.locator('main img, main b[style], .tip svg[onload], aside img').count(), 0);
  assert.deepEqual(faults, []);
  assert.ok((await page.locator('#cases').innerText()).includes(bad));
  await close();
}])));
