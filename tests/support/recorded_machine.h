#pragma once

#include <string>

#include "harness/host/topology.h"

namespace ipcbench {

// Returns a machine of tests/support/topology/ by its file name.
inline Topology machine(const std::string& name) {
  return Topology::from_xml(IPCBENCH_SOURCE_DIR "/tests/support/topology/" + name + ".xml");
}

}  // namespace ipcbench
