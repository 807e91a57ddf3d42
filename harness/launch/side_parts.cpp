#include "harness/launch/side_parts.h"

#include <atomic>
#include <system_error>
#include <vector>

#include "harness/base/fixed_text.h"
#include "harness/base/page_size.h"
#include "harness/memory/futex.h"
#include "harness/process/affinity.h"

namespace ipcbench {

void record_failure(SideLog& side, Failure failure, int error_number, std::string_view text) noexcept {
  side.error_number = error_number;
  copy_text(side.text, text);
  std::atomic_ref(side.failure).store(failure, std::memory_order_release);
}

void record_failure(SideLog& side, const std::exception& error) noexcept {
  const auto* of_system = dynamic_cast<const std::system_error*>(&error);
  record_failure(side, Failure::exception, of_system == nullptr ? 0 : of_system->code().value(), error.what());
}

void wait_at_gate(const std::uint32_t& gate) noexcept {
  while (std::atomic_ref(const_cast<std::uint32_t&>(gate)).load(std::memory_order_acquire) == 0) futex_wait(&gate, 0);
}

void open_gate(std::uint32_t& gate) noexcept {
  std::atomic_ref(gate).store(1, std::memory_order_release);
  futex_wake(&gate);
}

bool stayed(const SideLog& side, int cpu) {
  return side.before.cpu == cpu && side.after.cpu == cpu && side.last_cpu == cpu && allowed_cpus() == std::vector{cpu};
}

void prefault(void* memory, std::size_t size) noexcept {
  auto* const bytes = static_cast<unsigned char*>(memory);
  for (std::size_t at = 0; at < size; at += page_size()) std::atomic_ref(bytes[at]).fetch_or(0);
}

}  // namespace ipcbench
