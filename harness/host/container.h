#pragma once

#include <string>

namespace ipcbench {

// Returns the kind of container that this process is in, "" for none. Kinds are "kubernetes", "docker", "podman",
// "containerd", "oci" (podman or CRI-O), "lxc", "systemd-nspawn", "flatpak", or the name that a manager gives itself.
// "container" is one of unknown kind. It needs no privilege: what only root may read adds to the rest. `root` is put
// before all paths.
//
// A namespace of processes or an overlay as root folder alone is no container: unshare(1), live systems and images of
// virtual machines have them, too.
std::string container_kind(const std::string& root = "");

}  // namespace ipcbench
