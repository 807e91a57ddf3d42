#include "harness/plugin/private_group.h"

#include <pwd.h>
#include <unistd.h>

namespace ipcbench {
namespace {

// Members by their primary group aren't in the group's own list.
bool is_primary_group_of_another(gid_t group) {
  bool found = false;
  ::setpwent();
  while (const passwd* user = ::getpwent())
    found = found || (user->pw_gid == group && user->pw_uid != 0 && user->pw_uid != ::geteuid());
  ::endpwent();
  return found;
}

}  // namespace

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
  if (!is_group_of(*found, "root")) {
    const passwd* user = ::getpwuid(::geteuid());
    if (user == nullptr || !is_group_of(*found, user->pw_name)) return false;
  }
  return !is_primary_group_of_another(group);
}

}  // namespace ipcbench
