#pragma once

#include <cstdint>

namespace ipcbench {

// Says what a number counts, and so how it is shown to people. Data formats hold the bare number.
enum class Unit : std::uint8_t {
  text,
  count,        // whole numbers
  number,       // anything without a unit
  ns,           // shown as ns, µs, ms, s
  bytes,        // shown in powers of 1024
  bytes_per_s,  // shown in powers of 1000
  per_s,
  times,    // "×3.4"
  percent,  // a ratio, 0.25 shown as "25 %"
};

}  // namespace ipcbench
