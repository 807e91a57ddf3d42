#include "harness/host/container.h"

#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "harness/base/io.h"
#include "harness/files/mount_table.h"

namespace ipcbench {
namespace {

struct Mark {
  std::string_view text, kind;
};

bool holds(std::string_view text, std::string_view part) noexcept { return text.find(part) != std::string_view::npos; }

// Returns the value of a variable in a file like /proc/PID/environ.
std::string variable(const std::string& environ_file, std::string_view name) {
  const std::string all = '\0' + read_file_or_empty(environ_file);
  const std::string key = '\0' + std::string(name) + '=';
  const std::size_t at = all.find(key);
  return at == std::string::npos ? "" : std::string(all.c_str() + at + key.size());
}

// Returns whether the kubelet mounted this file from a pod's folder, as it does for every container.
bool is_of_a_pod(const Mount& mount) {
  return (mount.point == "/etc/hosts" && mount.root.ends_with("/etc-hosts") && holds(mount.root, "/pods/")) ||
         (mount.point == "/dev/termination-log" && holds(mount.root, "/pods/"));
}

// Recognises an engine by where it keeps the layers of root folders and the files that it mounts.
std::string_view kind_by_mount(const Mount& mount) {
  if (is_of_a_pod(mount)) return "kubernetes";
  if (mount.point.starts_with("/proc/") && mount.type == "fuse.lxcfs") return "lxc";
  if (mount.point == "/") {
    constexpr std::array kLayers{Mark{"/docker/overlay2/", "docker"}, Mark{"/io.containerd.", "containerd"},
                                 Mark{"/containers/storage/", "oci"}};
    if (mount.type != "overlay" && mount.type != "fuse.fuse-overlayfs") return "";
    for (const Mark& mark : kLayers) {
      if (holds(mount.super_options, mark.text)) return mark.kind;
    }
  }
  if (mount.point == "/etc/hostname" || mount.point == "/etc/resolv.conf") {
    if (holds(mount.root, "/docker/containers/")) return "docker";
    if (holds(mount.root, "/io.containerd.")) return "containerd";
    if (holds(mount.root, "/containers/storage/") || holds(mount.root, "-containers/")) return "oci";
  }
  return "";
}

std::string by_mounts(const std::string& root) {
  std::string kind;
  for (const Mount& mount : mount_table(read_file_or_empty(root + "/proc/self/mountinfo"))) {
    const std::string_view found = kind_by_mount(mount);
    if (found == "kubernetes") return "kubernetes";  // more specific than the engine's name
    if (!found.empty()) kind = found;
  }
  return kind;
}

bool is_in_a_pod(const std::string& root) {
  return ::access((root + "/var/run/secrets/kubernetes.io").c_str(), F_OK) == 0 ||
         !variable(root + "/proc/self/environ", "KUBERNETES_SERVICE_HOST").empty();
}

// Recognises a manager by a control group's path, as far as the cgroup namespace shows it.
std::string_view by_group(std::string_view groups) {
  constexpr std::array kManagers{Mark{"kubepods", "kubernetes"}, Mark{"docker", "docker"}, Mark{"libpod", "podman"},
                                 Mark{"lxc", "lxc"}, Mark{"containerd", "containerd"}};
  for (const Mark& mark : kManagers) {
    if (holds(groups, mark.text)) return mark.kind;
  }
  return "";
}

}  // namespace

std::string container_kind(const std::string& root) {
  std::string kind = by_mounts(root);
  const std::string groups = read_file_or_empty(root + "/proc/1/cgroup");
  if (kind == "kubernetes" || holds(groups, "kubepods")) return "kubernetes";
  // Names that managers give themselves.
  for (const char* file : {"/run/host/container-manager", "/run/systemd/container"}) {
    if (auto name = read_line(root + file)) return name->empty() ? "container" : *name;
  }
  constexpr std::array kFiles{Mark{"/run/.containerenv", "podman"}, Mark{"/.dockerenv", "docker"},
                              Mark{"/.flatpak-info", "flatpak"}};
  for (const Mark& mark : kFiles) {
    if (::access((root + std::string(mark.text)).c_str(), F_OK) == 0) return std::string(mark.kind);
  }
  if (auto name = variable(root + "/proc/1/environ", "container"); !name.empty()) return name;
  if (kind.empty()) kind = by_group(groups);
  // A process outside any container may have inherited a pod's environment, so it counts only inside one.
  if (!kind.empty() && is_in_a_pod(root)) return "kubernetes";
  return kind;
}

}  // namespace ipcbench
