#pragma once

#include <string>
#include <vector>

#include "harness/host/host_files.h"
#include "harness/host/host_info.h"
#include "harness/records/host_check.h"

// Shared by the parts of examine_host(), which have a file per subject. Each part adds all of its checks, fine ones
// included, in a fixed order.

namespace ipcbench {

using HostChecks = std::vector<HostCheck>;

// Returns the note that a check could not be made.
HostCheck unreadable(std::string id, std::string source, const std::string& reason);
// Returns a fine check of what only a system call tells, in a recorded tree.
HostCheck not_recorded(std::string id, std::string source);
// Returns a fine check of a feature that this kernel lacks.
HostCheck not_there(std::string id, std::string source);

void check_cpu(const HostInfo& host, const HostFiles& files, HostChecks& checks);      // cpu_checks.cpp
void check_idle(const HostInfo& host, const HostFiles& files, HostChecks& checks);     // idle_checks.cpp
void check_cgroups(const HostInfo& host, const HostFiles& files, HostChecks& checks);  // cgroup_checks.cpp
void check_limits(const HostInfo& host, const HostFiles& files, HostChecks& checks);   // limit_checks.cpp
void check_inherited(const HostFiles& files, HostChecks& checks);                      // inherited_checks.cpp
void check_inherited_scheduling(const HostFiles& files, HostChecks& checks);           // scheduling_checks.cpp
void check_memory(const HostFiles& files, HostChecks& checks);                         // permission_checks.cpp
void check_permissions(const HostFiles& files, HostChecks& checks);                    // permission_checks.cpp

}  // namespace ipcbench
