#include "harness/host/container.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/host/host_info.h"
#include "harness/host_checks/host_checks.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

// Describes what a process sees in one kind of place. With cgroup version 2 the path is "0::/" everywhere.
struct Place {
  const char* name;
  const char* kind;
  const char* mountinfo;
  const char* file = "";  // a further file and its content
  std::string content = {};
  const char* group = "0::/\n";
};

void PrintTo(const Place& place, std::ostream* out) { *out << place.name; }

// Each is a container with cgroup version 2, or version 1 if it names the group.
const Place kContainers[] = {
    {.name = "Docker",
     .kind = "docker",
     .mountinfo = "619 500 0:52 / / rw,relatime - overlay overlay "
                  "rw,lowerdir=/var/lib/docker/overlay2/l/AAA:/var/lib/docker/overlay2/l/BBB,"
                  "upperdir=/var/lib/docker/overlay2/c0/diff,workdir=/var/lib/docker/overlay2/c0/work\n",
     .file = ".dockerenv"},
    {.name = "DockerWhoseImageRemovedTheMark",
     .kind = "docker",
     .mountinfo = "619 500 0:52 / / rw - btrfs /dev/sda1 rw\n"
                  "640 619 8:1 /var/lib/docker/containers/c0ffee/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n"},
    {.name = "DockerOfVersion1", .kind = "docker", .mountinfo = "", .group = "4:memory:/docker/c0ffee\n"},
    {.name = "Podman",
     .kind = "podman",
     .mountinfo = "700 500 0:60 / / rw - overlay overlay rw,lowerdir=/var/lib/containers/storage/overlay/l/AAA\n",
     .file = "run/.containerenv",
     .content = "engine=\"podman-4.3.1\"\n"},
    {.name = "PodmanWithoutRoot",
     .kind = "oci",
     .mountinfo = "700 500 0:60 / / rw - fuse.fuse-overlayfs fuse-overlayfs "
                  "rw,lowerdir=/home/u/.local/share/containers/storage/overlay/l/AAA\n"},
    {.name = "Containerd",
     .kind = "containerd",
     .mountinfo = "800 500 0:70 / / rw,relatime - overlay overlay "
                  "rw,lowerdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs\n"},
    {.name = "KubernetesOnContainerd",
     .kind = "kubernetes",
     .mountinfo = "800 500 0:70 / / rw,relatime - overlay overlay "
                  "rw,lowerdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs\n"
                  "810 800 8:1 /var/lib/kubelet/pods/0123-4567/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw\n"},
    {.name = "KubernetesOnAnotherSnapshotter",
     .kind = "kubernetes",
     .mountinfo = "800 500 0:70 / / rw,relatime - zfs tank/1 rw\n"
                  "811 800 8:2 /kubelet/pods/0123-4567/containers/c/d /dev/termination-log rw - ext4 /dev/sda2 rw\n"},
    {.name = "KubernetesOnCrio",
     .kind = "kubernetes",
     .mountinfo = "820 500 0:71 / / rw - overlay overlay rw,lowerdir=/var/lib/containers/storage/overlay/l/AAA\n",
     .file = "proc/self/environ",
     .content = std::string("PATH=/bin\0KUBERNETES_SERVICE_HOST=10.0.0.1\0", 43)},
    {.name = "KubernetesOfVersion1",
     .kind = "kubernetes",
     .mountinfo = "",
     .group = "4:memory:/kubepods/besteffort/pod0123\n"},
    {.name = "SystemdNspawn",
     .kind = "systemd-nspawn",
     .mountinfo = "900 500 8:1 /var/lib/machines/m / rw - ext4 /dev/sda1 rw\n",
     .file = "run/host/container-manager",
     .content = "systemd-nspawn\n"},
    {.name = "LxcWithItsProc",
     .kind = "lxc",
     .mountinfo = "950 500 0:80 /rootfs / rw - zfs tank/lxc rw\n"
                  "960 950 0:81 /proc/meminfo /proc/meminfo rw - fuse.lxcfs lxcfs rw\n"},
    {.name = "LxdWithSystemd", .kind = "lxc", .mountinfo = "", .file = "run/systemd/container", .content = "lxc\n"},
    {.name = "Flatpak", .kind = "flatpak", .mountinfo = "", .file = ".flatpak-info", .content = "[Application]\n"},
    {.name = "OneThatTellsRootOnly",
     .kind = "libvirt-lxc",
     .mountinfo = "",
     .file = "proc/1/environ",
     .content = std::string("PATH=/bin\0container=libvirt-lxc\0", 32)},
};

// None is a container, though each shares a property with containers.
const Place kHosts[] = {
    {.name = "Bare", .kind = "", .mountinfo = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n", .group = "0::/init.scope\n"},
    {.name = "HostOfContainers",
     .kind = "",
     .mountinfo = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
                  "90 22 0:52 / /var/lib/docker/overlay2/c0/merged rw - overlay overlay rw,lowerdir=/var/lib/docker/"
                  "overlay2/l/AAA\n"
                  "91 22 0:90 / /var/lib/lxcfs rw - fuse.lxcfs lxcfs rw\n"
                  "92 22 0:91 / /var/lib/kubelet/pods/0123/volumes/v rw - tmpfs tmpfs rw\n",
     .group = "0::/init.scope\n"},
    {.name = "LiveSystem",
     .kind = "",
     .mountinfo = "22 1 0:20 / / rw - overlay /cow rw,lowerdir=/filesystem.squashfs,upperdir=/cow/upper\n",
     .group = "0::/init.scope\n"},
    {.name = "NamespaceOfProcesses", .kind = "", .mountinfo = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"},
    {.name = "SubsystemForLinux",
     .kind = "",
     .mountinfo = "22 1 8:32 / / rw - ext4 /dev/sdc rw\n",
     .file = "proc/sys/kernel/osrelease",
     .content = "5.15.153.1-microsoft-standard-WSL2\n"},
    {.name = "ShellThatInheritedAPodsEnvironment",
     .kind = "",
     .mountinfo = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n",
     .file = "proc/self/environ",
     .content = std::string("KUBERNETES_SERVICE_HOST=10.0.0.1\0", 33)},
    {.name = "NothingCanBeRead", .kind = "", .mountinfo = ""},
};

class ContainerKind : public testing::TestWithParam<Place> {
 protected:
  ContainerKind() {
    tree_.write("proc/self/mountinfo", GetParam().mountinfo);
    tree_.write("proc/1/cgroup", GetParam().group);
    if (*GetParam().file != '\0') tree_.write(GetParam().file, GetParam().content);
  }
  TemporaryFolder tree_;
};

TEST_P(ContainerKind, IsToldByWhatAProcessSees) { EXPECT_EQ(container_kind(tree_.path()), GetParam().kind); }

// Stored results have this word in their machine class, so that the kind must not change it.
TEST_P(ContainerKind, IsNoPartOfTheMachineClass) {
  const HostInfo host = read_host_info(tree_.path());
  EXPECT_EQ(host.virtualisation, *GetParam().kind == '\0' ? "none" : "container");
  for (const HostCheck& check : examine_host(host, tree_.path())) {
    if (check.id == "container") {
      EXPECT_EQ(check.value, *GetParam().kind == '\0' ? "no" : GetParam().kind);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(In, ContainerKind, testing::ValuesIn(kContainers),
                         [](const auto& place) { return std::string(place.param.name); });
INSTANTIATE_TEST_SUITE_P(On, ContainerKind, testing::ValuesIn(kHosts),
                         [](const auto& place) { return std::string(place.param.name); });

}  // namespace
}  // namespace ipcbench
