#include "harness/host/firmware_hypervisor.h"

#include <array>
#include <string_view>
#include <utility>

#include "harness/base/io.h"

namespace ipcbench {
namespace {

using Sign = std::pair<std::string_view, std::string_view>;  // the firmware's text, and our name for it

constexpr std::array<Sign, 3> kDeviceTree{{{"linux,kvm", "kvm"}, {"xen", "xen"}, {"vmware", "vmware"}}};

constexpr std::array<Sign, 13> kDmi{{
    {"KVM", "kvm"},
    {"OpenStack", "kvm"},
    {"KubeVirt", "kvm"},
    {"Amazon EC2", "kvm"},
    {"Google Compute Engine", "kvm"},
    {"QEMU", "qemu"},
    {"VMware", "vmware"},
    {"innotek GmbH", "virtualbox"},
    {"VirtualBox", "virtualbox"},
    {"Xen", "xen"},
    {"Parallels", "parallels"},
    {"Microsoft Corporation Virtual Machine", "hyper-v"},
    {"Apple Virtualization", "apple"},
}};

template <std::size_t kSigns>
std::string sign_in(const std::string& text, const std::array<Sign, kSigns>& signs) {
  for (const auto& [sign, name] : signs) {
    if (text.find(sign) != std::string::npos) return std::string(name);
  }
  return {};
}

}  // namespace

std::string firmware_hypervisor(const std::string& root) {
  if (const auto node = read_line(root + "/proc/device-tree/hypervisor/compatible")) {
    const std::string name = sign_in(*node, kDeviceTree);
    return name.empty() ? "virtual machine" : name;
  }
  const std::string vendor = read_line(root + "/sys/class/dmi/id/sys_vendor").value_or("");
  const std::string product = read_line(root + "/sys/class/dmi/id/product_name").value_or("");
  // Amazon's bare-metal machines have its vendor, too: "c7g.metal".
  if (product.find(".metal") != std::string::npos) return {};
  return sign_in(vendor + ' ' + product, kDmi);
}

}  // namespace ipcbench
