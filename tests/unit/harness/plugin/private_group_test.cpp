#include "harness/plugin/private_group.h"

#include <grp.h>

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

bool is_of_ann(std::string name, std::string member) {
  std::array<char*, 2> members = {member.empty() ? nullptr : member.data(), nullptr};
  ::group group{};
  group.gr_name = name.data();
  group.gr_mem = members.data();
  return is_group_of(group, "ann");
}

TEST(PrivateGroup, HasItsUsersNameAndNobodyElse) {
  EXPECT_TRUE(is_of_ann("ann", ""));
  EXPECT_TRUE(is_of_ann("ann", "ann"));
  EXPECT_FALSE(is_of_ann("ann", "bob"));
  EXPECT_FALSE(is_of_ann("users", ""));
  EXPECT_FALSE(is_of_ann("users", "ann"));
}

TEST(PrivateGroup, IsNoneThatTheSystemDoesNotKnow) { EXPECT_FALSE(is_private_group(2'111'222'333)); }

}  // namespace
}  // namespace ipcbench
