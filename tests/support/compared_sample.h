#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "results/model/record.h"

namespace ipcbench {

// A figure with an interval of 1 % around it.
Figure sharp(double median);
// A case that is summarised already, without launches.
CaseRecord compared_case(const std::string& scenario, const std::string& transport, std::uint64_t size,
                         const std::string& placement = "same-cpu", const std::string& wait = "block");

// The eight rows of the sources' table on one CPU, as ping-pong and streaming, with round figures. Summarised.
//   row:            pipe  signal  sysv-mq  sysv-shm  sysv-sem  unix-stream  tcp   dbus
//   RTT and CPU, us    4       8        5         1         2            7    20     80
//   MB/s at 64 B      10       -        8       500         -            6     9      1
//   MB/s at 64 KiB  3000       -  refused      4000         -         5000  2000    300
//   bytes           70 K    none     42 K     138 K       512        220 K  >1 M    5 M
// with an error of 1 % of the bytes, and rt-signal with 2 MB/s at 8 B, posix-shm-loan in place of nothing.
Result compared_sample();

// The case of that id, which must be there.
CaseRecord& case_of(Result& result, const std::string& id);

}  // namespace ipcbench
