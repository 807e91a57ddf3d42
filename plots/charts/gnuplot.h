#pragma once

#include <string>

namespace ipcbench {

// The path of gnuplot in PATH, "" if there is none.
std::string gnuplot_program();

// Runs it on `script`, a file of `folder`, with that folder as its working directory and without the user's settings.
// Throws std::system_error that names the script and what gnuplot said where it fails or takes over a minute.
void run_gnuplot(const std::string& program, const std::string& folder, const std::string& script);

// A folder of its own for gnuplot to read and write in, since it follows any link in it. It is gone with the object.
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
