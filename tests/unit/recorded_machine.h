#pragma once

#include <string>

#include "harness/os/topology.h"

namespace ipcbench {

// A machine of tests/unit/topology/, by the name of its file.
inline Topology machine(const std::string& name) {
  return Topology::from_xml(IPCBENCH_SOURCE_DIR "/tests/unit/topology/" + name + ".xml");
}

}  // namespace ipcbench
