#include "harness/host/firmware_hypervisor.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

std::string of_dmi(const std::string& vendor, const std::string& product) {
  const TemporaryFolder tree;
  tree.write("sys/class/dmi/id/sys_vendor", vendor + '\n');
  tree.write("sys/class/dmi/id/product_name", product + '\n');
  return firmware_hypervisor(tree.path());
}

TEST(FirmwareHypervisor, IsNamedByVendorOrProduct) {
  EXPECT_EQ(of_dmi("Amazon EC2", "c7g.large"), "kvm");
  EXPECT_EQ(of_dmi("Google", "Google Compute Engine"), "kvm");
  EXPECT_EQ(of_dmi("QEMU", "QEMU Virtual Machine"), "qemu");
  EXPECT_EQ(of_dmi("Microsoft Corporation", "Virtual Machine"), "hyper-v");
  EXPECT_EQ(of_dmi("Apple Inc.", "Apple Virtualization Generic Platform"), "apple");
}

TEST(FirmwareHypervisor, OfRealHardwareIsNone) {
  EXPECT_EQ(of_dmi("Amazon EC2", "c7g.metal"), "");
  EXPECT_EQ(of_dmi("Microsoft Corporation", "Surface Pro X"), "");
  EXPECT_EQ(of_dmi("GIGABYTE", "R272-P30-JG"), "");
  EXPECT_EQ(firmware_hypervisor(TemporaryFolder().path()), "") << "neither DMI nor a device tree";
}

TEST(FirmwareHypervisor, IsNamedByTheDeviceTreeWhereThereIsNoDmi) {
  const TemporaryFolder tree;
  tree.write("proc/device-tree/hypervisor/compatible", std::string("xen,xen-4.17\0xen,xen\0", 21));
  EXPECT_EQ(firmware_hypervisor(tree.path()), "xen");
  tree.write("proc/device-tree/hypervisor/compatible", "somebody,new");
  EXPECT_EQ(firmware_hypervisor(tree.path()), "virtual machine");
}

}  // namespace
}  // namespace ipcbench
