// Maps the ids of places in the page (plots/page/page_sections.cpp) to charts.

import {
  castFairness, castHandover, castRate, castService, castWorst,
} from './casts.js';
import { counts } from './counts.js';
import { cpuLatency } from './cpu_latency.js';
import { distribution } from './distribution.js';
import { launches } from './launches.js';
import { memory, placements, setup } from './lists.js';
import { loadCpu, loadLatency, loadTimes } from './loads.js';
import { silences } from './silences.js';
import { latencySize, throughput } from './sizes.js';

export const charts = {
  distribution,
  'latency-size': latencySize,
  throughput,
  'load-latency': loadLatency,
  'load-cpu': loadCpu,
  'load-times': loadTimes,
  'load-idle': silences,
  'cast-rate': castRate,
  'cast-worst': castWorst,
  'cast-handover': castHandover,
  'cast-fairness': castFairness,
  'cast-service': castService,
  'cpu-latency': cpuLatency,
  counts,
  memory,
  setup,
  placements,
  launches,
};
