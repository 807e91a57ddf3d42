#pragma once

#include <sys/resource.h>

#include <string>

// Builds bad places for the process that runs in them (Place in program_run.h). All throw std::system_error if this
// machine or user can't have them.

namespace ipcbench {

// Enters a private mount namespace, in a user namespace if necessary: later mounts are visible to this process and its
// children only. Ids stay.
void own_mounts();
// Mounts an empty tmpfs over a folder, with mount(2)'s flags and the file system's options ("size=64k").
void mount_tmpfs(const std::string& folder, const std::string& options, unsigned long flags = 0);
// Mounts a file over another.
void mount_file(const std::string& file, const std::string& over);

// Closes files that the test's own parent left open, since they count against a limit.
void close_inherited_files();
using Resource = decltype(RLIMIT_NOFILE);  // a distinct type in glibc, int in other C libraries
// Sets the soft and the hard limit.
void set_limit(Resource resource, unsigned long value);

// Makes this system call fail with `error_number` from now on, by a seccomp filter, which also forbids new privileges.
void refuse_call(long number, int error_number);

// Becomes a user who owns nothing else and is not root. Root becomes kNormalUser without any capability; for others
// nothing changes.
inline constexpr unsigned kNormalUser = 61234;
void become_normal_user();
// Enters a user namespace, without privileges once a program is executed.
void own_user_namespace();
// Drops a capability permanently, for executed programs too.
void drop_capability(int capability);

}  // namespace ipcbench
