#pragma once

namespace ipcbench {

// Gives a forked process its own pages for all of its heap at once. Otherwise an allocation would take memory according
// to which shared pages it is the first to write to. Without /proc it does nothing.
void unshare_heap();

}  // namespace ipcbench
