#pragma once

#include <cstdint>
#include <exception>
#include <string_view>

#include "harness/measure/run_log.h"

// What the workers of pairs and of casts have in common.

namespace ipcbench {

// Leaves why a side has failed in its log.
void record_failure(SideLog& side, Failure failure, int error_number, std::string_view text) noexcept;
void record_failure(SideLog& side, const std::exception& error) noexcept;

// Sleeps until the coordinator opens the gate of a launch, a futex word.
void wait_at_gate(const std::uint32_t& gate) noexcept;
void open_gate(std::uint32_t& gate) noexcept;

// Rule 17: returns whether the worker stayed on its CPU; otherwise its measurement is wrong. Throws std::system_error.
bool stayed(const SideLog& side, int cpu);

// Touches every page of memory that is shared: pages that the parent has populated are not mapped in a child.
void prefault(void* memory, std::size_t size) noexcept;

}  // namespace ipcbench
