// Measures how long a reader waits for a page's first chart: node first_chart.mjs PAGE.html TIMES, called by
// tools/report-figures. Each opening is in a browser that hasn't seen the page. It prints a line with the ms from the
// navigation's start to the frame after the one with the chart.

import { launch } from './page.mjs';

const [path, times] = process.argv.slice(2);
const FIRST = 'distribution';

const browser = await launch();
for (let n = 0; n < Number(times); ++n) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript((id) => {
    const look = () => {
      const isDrawn = globalThis.ipcbench?.cards.get(id)?.drawn;
      requestAnimationFrame(isDrawn ? () => { globalThis.firstChart = performance.now(); } : look);
    };
    requestAnimationFrame(look);
  }, FIRST);
  await page.goto(`file://${path}#chart-${FIRST}`);
  const shown = await page.waitForFunction(() => globalThis.firstChart);
  console.log(await shown.jsonValue());
  await context.close();
}
await browser.close();
