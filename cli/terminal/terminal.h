#pragma once

#include <string>
#include <string_view>

namespace ipcbench {

enum class ColorWhen { automatic, always, never };

// Returns whether output to `fd` is coloured. automatic: it is a terminal other than "dumb", and NO_COLOR is unset or
// empty (https://no-color.org). always and never override NO_COLOR.
bool use_color(ColorWhen when, int fd) noexcept;

// Replaces closed standard streams by a descriptor that can be neither read nor written. Otherwise the first opened
// file would get the number and so the program's output. Call it first; it ends the program (70) if it fails.
void occupy_closed_streams() noexcept;

// Prints data to stdout. If the reader has gone (`| head`), the rest is dropped. Throws std::system_error for other
// failures, such as a full disk.
void print(std::string_view text);

// Writes data to the file that a flag names, or to stdout (is_stdout()). Throws like print() and
// write_file_atomically().
void write_output(const std::string& path, std::string_view text);

// Prints a line for people to stderr. Control characters become visible, since messages quote files. A closed or full
// stderr is ignored.
void tell(std::string_view line) noexcept;

// Quotes an argument so that a shell reads it back.
std::string shell_quoted(std::string_view argument);

}  // namespace ipcbench
