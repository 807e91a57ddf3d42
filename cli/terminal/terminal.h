#pragma once

#include <string>
#include <string_view>

namespace ipcbench {

enum class ColorWhen { automatic, always, never };

// Whether to colour what goes to `fd`. automatic: if it is a terminal that isn't "dumb" and NO_COLOR is unset or empty
// (https://no-color.org). always and never win over NO_COLOR.
bool use_color(ColorWhen when, int fd) noexcept;

// For the start of the program: where stdin, stdout or stderr is closed, its number is taken by something that can be
// neither read nor written, or the first file that is opened would get what is printed. Ends the program (70) where
// there is none.
void occupy_closed_streams() noexcept;

// Data, to stdout. A reader that has gone away (`| head`) is not an error: the rest is dropped. Throws
// std::system_error for anything else, such as a full disk.
void print(std::string_view text);

// Data, to the file that a flag names, or to stdout where that names it (is_stdout()). Throws like print() and
// write_file_atomically().
void write_output(const std::string& path, std::string_view text);

// A line for people, to stderr: control characters in it become visible, since messages name what files hold. Never
// throws for a closed or full stderr: there is nobody left to tell.
void tell(std::string_view line) noexcept;

// As a shell would read it back: quoted where it must be.
std::string shell_quoted(std::string_view argument);

}  // namespace ipcbench
