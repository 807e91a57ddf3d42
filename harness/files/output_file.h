#pragma once

#include <string>
#include <string_view>

#include "harness/files/compression.h"

// These functions write every file that a user gets, and decide what the name of one may mean.

namespace ipcbench {

// Returns whether an output is meant for stdout: "-", or one of the kernel's names for it. A file called "-" is "./-".
bool is_stdout(std::string_view path) noexcept;

// Returns the path that a write to `path` ends at. A symbolic link of this user's, or of root's, is followed, even if
// nothing is at its end. Throws UsageError for somebody else's link, which could name any file of this user.
std::string output_target(const std::string& path);

// Returns whether another user's file lies at `path` in a sticky folder such as /tmp: he may have put it there to have
// it written to. Returns false for root, who may write to anything.
bool is_anothers(const std::string& path) noexcept;

// Checks, before anything is measured, that a regular file can be written at `path`. Throws UsageError, naming the path
// and what to do, for a folder, a device, a FIFO, a place without permission. It leaves nothing there.
void check_output(const std::string& path);

// Writes `text`, compressed if the path ends in ".zst", so that the file holds the old text or the new one, never a
// part. The text goes into a temporary file in the same folder, which is renamed over the old file. The old file's mode
// is kept and, as root, its owner. Other names of the old file (hard links) keep the old text.
//
// - A mount point, or a file in a folder that can't be written to, is written in place, once there is room for it.
// - A device or a pipe gets the bytes; a FIFO that nobody reads is refused.
//
// A temporary file that a killed process left is removed by the next write into its folder. Throws std::system_error
// naming the path, UsageError for somebody else's link; the temporary file is then removed.
void write_file_atomically(const std::string& path, std::string_view text, Packing packing = Packing::fast);

}  // namespace ipcbench
