#include "places.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/unique_fd.h"

namespace ipcbench {
namespace {

void write_proc(const std::string& path, const std::string& text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) throw_errno("open {}", path);
  write_all(fd.get(), text, path);
}

void mount_or_throw(const char* source, const std::string& target, const char* type, unsigned long flags,
                    const char* options) {
  if (::mount(source, target.c_str(), type, flags, options) != 0) throw_errno("mount {} over {}", source, target);
}

}  // namespace

void own_user_namespace() {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (::unshare(CLONE_NEWUSER) != 0) throw_errno("unshare CLONE_NEWUSER");
  write_proc("/proc/self/setgroups", "deny");
  write_proc("/proc/self/uid_map", fmt::format("{0} {0} 1", uid));
  write_proc("/proc/self/gid_map", fmt::format("{0} {0} 1", gid));
}

void own_mounts() {
  if (::unshare(CLONE_NEWNS) != 0) {
    own_user_namespace();
    if (::unshare(CLONE_NEWNS) != 0) throw_errno("unshare CLONE_NEWNS");
  }
  mount_or_throw("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
}

void mount_tmpfs(const std::string& folder, const std::string& options, unsigned long flags) {
  mount_or_throw("tmpfs", folder, "tmpfs", flags, options.c_str());
}

void mount_file(const std::string& file, const std::string& over) {
  mount_or_throw(file.c_str(), over, nullptr, MS_BIND, nullptr);
}

void close_inherited_files() {
  // glibc has the function only since 2.34.
  if (::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0) != 0) throw_errno("close_range");
}

void set_limit(Resource resource, unsigned long value) {
  const rlimit limit{.rlim_cur = value, .rlim_max = value};
  if (::setrlimit(resource, &limit) != 0) throw_errno("setrlimit {} to {}", static_cast<int>(resource), value);
}

void refuse_call(long number, int error_number) {
  std::array<sock_filter, 4> code{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error_number)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{.len = code.size(), .filter = code.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw_errno("prctl PR_SET_NO_NEW_PRIVS");
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) throw_errno("prctl PR_SET_SECCOMP");
}

void become_normal_user() {
  if (::geteuid() != 0) return;
  if (::setgroups(0, nullptr) != 0) throw_errno("setgroups");
  if (::setresgid(kNormalUser, kNormalUser, kNormalUser) != 0) throw_errno("setresgid {}", kNormalUser);
  if (::setresuid(kNormalUser, kNormalUser, kNormalUser) != 0) throw_errno("setresuid {}", kNormalUser);
  // Otherwise /proc/self stays root's until the next execve.
  if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) throw_errno("prctl PR_SET_DUMPABLE");
  // The folders above the program may be accessible to root only.
  if (::access(IPCBENCH_PROGRAM, X_OK) != 0) throw_errno("execute {} as user {}", IPCBENCH_PROGRAM, kNormalUser);
}

void drop_capability(int capability) {
  if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) throw_errno("prctl PR_CAPBSET_DROP {}", capability);
}

}  // namespace ipcbench
