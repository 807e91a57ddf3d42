#pragma once

#include <string>

#include "harness/host/topology.h"

namespace ipcbench {

// A machine of tests/support/topology/, by the name of its file.
inline Topology machine(const std::string& name) {
  return Topology::from_xml(IPCBENCH_SOURCE_DIR "/tests/support/topology/" + name + ".xml");
}

}  // namespace ipcbench
