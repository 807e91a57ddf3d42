#include "harness/base/signal_name.h"

#include <algorithm>
#include <csignal>

#include <fmt/core.h>

namespace ipcbench {
namespace {

struct NamedSignal {
  int number;
  const char* text;
};

// Signal numbers differ between architectures, so the table uses the macros.
constexpr NamedSignal kSignalNames[] = {
    {SIGHUP, "HUP"},       {SIGINT, "INT"},     {SIGQUIT, "QUIT"}, {SIGILL, "ILL"},   {SIGTRAP, "TRAP"},
    {SIGABRT, "ABRT"},     {SIGBUS, "BUS"},     {SIGFPE, "FPE"},   {SIGKILL, "KILL"}, {SIGUSR1, "USR1"},
    {SIGSEGV, "SEGV"},     {SIGUSR2, "USR2"},   {SIGPIPE, "PIPE"}, {SIGALRM, "ALRM"}, {SIGTERM, "TERM"},
    {SIGCHLD, "CHLD"},     {SIGCONT, "CONT"},   {SIGSTOP, "STOP"}, {SIGTSTP, "TSTP"}, {SIGTTIN, "TTIN"},
    {SIGTTOU, "TTOU"},     {SIGURG, "URG"},     {SIGXCPU, "XCPU"}, {SIGXFSZ, "XFSZ"}, {SIGVTALRM, "VTALRM"},
    {SIGPROF, "PROF"},     {SIGWINCH, "WINCH"}, {SIGPOLL, "POLL"}, {SIGPWR, "PWR"},   {SIGSYS, "SYS"},
#ifdef SIGSTKFLT  // MIPS and SPARC have none
    {SIGSTKFLT, "STKFLT"},
#endif
};

}  // namespace

std::string signal_name(int signal) {
  const NamedSignal* const found = std::ranges::find(kSignalNames, signal, &NamedSignal::number);
  if (found != std::ranges::end(kSignalNames)) return fmt::format("SIG{}", found->text);
  if (signal == SIGRTMIN) return "SIGRTMIN";
  if (signal > SIGRTMIN && signal <= SIGRTMAX) return fmt::format("SIGRTMIN+{}", signal - SIGRTMIN);
  return fmt::format("signal {}", signal);
}

}  // namespace ipcbench
