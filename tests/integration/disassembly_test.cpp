// Checks that no measured loop makes an indirect call. It disassembles this program, which links the same libraries as
// ipcbench.

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

// The loops, and the parts of lanes and endpoints that were not inlined into them.
constexpr std::string_view kLoops[] = {
    "run_round_trips<", "run_stream<", "run_scheduled_", "_by_schedule<", "Flow<", "Lane<",
    "FdStream<",        "FdPoll::",    "RingWriter<",    "RingReader<"};

bool is_loop(std::string_view function) {
  const auto names_it = [&](std::string_view loop) { return function.find(loop) != std::string_view::npos; };
  return std::any_of(std::begin(kLoops), std::end(kLoops), names_it);
}

bool is_indirect_call(std::string_view line) {
  constexpr std::string_view kCalls[] = {"call   *", "callq  *", "call *", "\tblr\t"};  // x86-64, AArch64
  const auto has_it = [&](std::string_view call) { return line.find(call) != std::string_view::npos; };
  return std::any_of(std::begin(kCalls), std::end(kCalls), has_it);
}

struct Function {
  int instructions = 0;
  std::string indirect_calls;
};

// Returns the loops' functions by demangled name.
std::map<std::string, Function> disassemble_loops(const std::string& program) {
  const std::string command = "'" IPCBENCH_OBJDUMP "' -d -C --no-show-raw-insn '" + program + "'";
  const auto close = [](std::FILE* pipe) { ::pclose(pipe); };
  const std::unique_ptr<std::FILE, decltype(close)> pipe(::popen(command.c_str(), "r"), close);
  std::map<std::string, Function> loops;
  Function* current = nullptr;
  std::string line;
  std::array<char, 4096> part;
  while (pipe != nullptr && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) {
    line += part.data();
    if (line.back() != '\n') continue;
    const std::size_t name = line.find(" <");
    if (name != std::string::npos && line.ends_with(">:\n")) {
      const std::string function = line.substr(name + 2, line.size() - name - 5);
      current = is_loop(function) ? &loops[function] : nullptr;
    } else if (current != nullptr && line.find('\t') != std::string::npos) {
      ++current->instructions;
      if (is_indirect_call(line)) current->indirect_calls += line;
    }
    line.clear();
  }
  return loops;
}

TEST(MeasuredLoops, MakeNoIndirectCall) {
#if !defined(__OPTIMIZE__)
  GTEST_SKIP() << "built without optimisation";
#endif
  if (std::system("'" IPCBENCH_OBJDUMP "' --version > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "there is no objdump (binutils) here";
  const auto loops = disassemble_loops(std::filesystem::read_symlink("/proc/self/exe"));
  for (const auto& [function, code] : loops) {
    if (function.find("::Plugin") != std::string::npos) continue;  // its operations are called by its table
    EXPECT_GT(code.instructions, 0) << function;
    EXPECT_EQ(code.indirect_calls, "") << function;
  }
  // One loop over descriptors and one over shared memory must be found; otherwise the names have changed and nothing
  // was checked.
  for (const std::string_view endpoint : {"FdStream<ipcbench::FdBlock>", "RingEndpoint<ipcbench::FutexWait>"}) {
    EXPECT_TRUE(std::any_of(loops.begin(), loops.end(), [&](const auto& loop) {
      return loop.first.find("Lane<") != std::string::npos && loop.first.find(endpoint) != std::string::npos;
    })) << endpoint;
  }
}

}  // namespace
}  // namespace ipcbench
