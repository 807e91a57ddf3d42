#include "harness/plugin/private_group.h"

#include <pwd.h>
#include <unistd.h>

namespace ipcbench {

bool is_group_of(const ::group& group, std::string_view user) {
  if (user != group.gr_name) return false;
  for (char** member = group.gr_mem; *member != nullptr; ++member) {
    if (user != *member) return false;
  }
  return true;
}

bool is_private_group(gid_t group) {
  const ::group* found = ::getgrgid(group);
  if (found == nullptr) return false;
  if (is_group_of(*found, "root")) return true;
  const passwd* user = ::getpwuid(::geteuid());
  return user != nullptr && is_group_of(*found, user->pw_name);
}

}  // namespace ipcbench
