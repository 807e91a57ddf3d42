#pragma once

#include <sys/resource.h>

#include <string>

// Parts of bad places, for the process that is to meet them (Place in program_run.h). All throw std::system_error
// where this machine or user can't have them.

namespace ipcbench {

// A mount namespace of its own, in a user namespace of its own where that is needed: what is mounted from here on is
// seen by this process and its children alone. Ids stay.
void own_mounts();
// An empty tmpfs, with mount(2)'s flags and the file system's options ("size=64k"), over a folder.
void mount_tmpfs(const std::string& folder, const std::string& options, unsigned long flags = 0);
// A file in place of another.
void mount_file(const std::string& file, const std::string& over);

// Those that the test's own parent has left open count against a limit as well.
void close_inherited_files();
using Resource = decltype(RLIMIT_NOFILE);  // a type of its own in glibc, int in other C libraries
// Soft and hard.
void set_limit(Resource resource, unsigned long value);

// From now on this system call fails with `error_number` (a seccomp filter; no new privileges either).
void refuse_call(long number, int error_number);

// A user who owns nothing else and is not root. As root: this one, without any capability. As anybody else: nothing
// changes.
inline constexpr unsigned kNormalUser = 61234;
void become_normal_user();
// A user namespace of its own, without any privilege in it once a program is executed.
void own_user_namespace();
// For good, whatever is executed.
void drop_capability(int capability);

}  // namespace ipcbench
