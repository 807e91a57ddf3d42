#pragma once

namespace ipcbench {

// Gives a forked process pages of its own for all of its heap at once. Later allocations then take no memory that
// depends on which shared pages they happen to be the first to write to. Where /proc is missing it does nothing.
void own_heap();

}  // namespace ipcbench
