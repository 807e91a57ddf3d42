#pragma once

#include <grp.h>
#include <sys/types.h>

#include <string_view>

namespace ipcbench {

// Returns whether a group is one of `user` alone, as many systems make one for each user: it has the user's name, and
// lists nobody else.
bool is_group_of(const ::group& group, std::string_view user);

// Returns whether nobody but this process's user and root is in a group: it lists nobody else, and is no other listed
// user's primary group. A group or a user that the system has no entry of is in doubt: false.
bool is_private_group(gid_t group);

}  // namespace ipcbench
