#pragma once

#include <string>

namespace ipcbench {

// Returns the path of gnuplot in PATH, "" if there is none.
std::string gnuplot_program();

// Runs gnuplot on `script`, a file in `folder`, which becomes the working directory; the user's settings are ignored.
// Throws std::system_error, naming the script and gnuplot's last message, if it fails or takes over a minute.
void run_gnuplot(const std::string& program, const std::string& folder, const std::string& script);

// Creates a private folder for gnuplot's files, since gnuplot follows any link in its folder. The destructor removes
// it.
class DrawingFolder {
 public:
  DrawingFolder();  // throws std::system_error
  DrawingFolder(const DrawingFolder&) = delete;
  DrawingFolder& operator=(const DrawingFolder&) = delete;
  ~DrawingFolder();

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace ipcbench
