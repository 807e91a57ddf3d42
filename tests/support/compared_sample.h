#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Returns a figure with an interval of 1 % around it.
Figure sharp(double median);
// Returns a case that is already summarised, without launches.
CaseRecord compared_case(Scenario scenario, const std::string& transport, std::uint64_t size,
                         Placement placement = Placement::same_cpu, WaitStrategy wait = WaitStrategy::block);

// Returns the eight rows of the articles' table on one CPU, as ping-pong and streaming, with round figures. Summarised.
//   row:            pipe  signal  sysv-mq  sysv-shm  sysv-sem  unix-stream  tcp   dbus
//   RTT and CPU, us    4       8        5         1         2            7    20     80
//   MB/s at 64 B      10       -        8       500         -            6     9      1
//   MB/s at 64 KiB  3000       -  refused      4000         -         5000  2000    300
//   bytes           70 K    none     42 K     138 K       512        220 K  >1 M    5 M
// The bytes have an error of 1 %. rt-signal has 2 MB/s at 8 B; sysv-shm-loan is a further row.
Result compared_sample();

// Returns the case with this id, which must exist.
CaseRecord& case_of(Result& result, const std::string& id);

}  // namespace ipcbench
