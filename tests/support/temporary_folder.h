#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace ipcbench {

// Creates a fresh folder; the destructor removes it with all its content.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string shape = (std::filesystem::temp_directory_path() / "ipcbench-test-XXXXXX").string();
    if (::mkdtemp(shape.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp " + shape);
    path_ = shape;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const noexcept { return path_; }
  // Writes a file below the folder and creates the folders between.
  void write(const std::string& name, const std::string& content) const {
    const std::filesystem::path file = path_ + '/' + name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }

 private:
  std::string path_;
};

}  // namespace ipcbench
