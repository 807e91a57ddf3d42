#pragma once

#include <cstddef>

namespace ipcbench {

// Returns how many descriptors this process may have open once it has raised its limit as far as it may.
std::size_t most_descriptors() noexcept;
// Raises the limit to that. It stays as it is where the system refuses.
void allow_many_descriptors() noexcept;

}  // namespace ipcbench
