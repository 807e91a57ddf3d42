#pragma once

#include <string>

namespace ipcbench {

// Returns the kind of container that this process is in, "" for none. Kinds are "kubernetes", "docker", "podman",
// "containerd", "oci" (podman or CRI-O), "lxc", "systemd-nspawn", "flatpak", or a name that the manager gives itself.
// An unknown kind is "container". It needs no privilege, although root can read more. `root` is put before all paths.
//
// A PID namespace or an overlay as root folder alone is no container: unshare(1), live systems and images of virtual
// machines have them, too.
std::string container_kind(const std::string& root = "");

}  // namespace ipcbench
