#include "plots/table/table_chinese.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "plots/table/limit_notes.h"

namespace ipcbench {
namespace {

struct Translation {
  std::string_view english, chinese;
};

// Whole titles of columns and items.
constexpr std::array kWords = {
    Translation{"transport", "传输方式"},
    Translation{"wait", "等待方式"},
    Translation{"RTT p50 [95 %]", "往返延迟 p50 [95 %]"},
    Translation{"× floor", "× 下限"},
    Translation{"RTT p50", "往返延迟 p50"},
    Translation{"bytes/s", "字节/秒"},
    Translation{"notifications/s", "通知/秒"},
    Translation{"create", "创建"},
    Translation{"connect", "连接"},
    Translation{"teardown", "拆除"},
    Translation{"max", "最大"},
    Translation{"mean", "平均"},
    Translation{"channel", "通道内存"},
    Translation{"bytes/s [95 %]", "字节/秒 [95 %]"},
    Translation{"messages/s", "消息/秒"},
    Translation{"notifications/s [95 %]", "通知/秒 [95 %]"},
    Translation{"loss", "丢失"},
    Translation{"merged", "合并"},
    Translation{"CPU/op", "CPU/次"},
    Translation{"calls/op", "系统调用/次"},
    Translation{"retried/op", "重试/次"},
    Translation{"switches/op", "上下文切换/次"},
    Translation{"duty P/C", "占用 发/收"},
    Translation{"class", "稳定性"},
    Translation{"notes", "注"},
    Translation{"create [95 %]", "创建 [95 %]"},
    Translation{"connect [95 %]", "连接 [95 %]"},
    Translation{"teardown [95 %]", "拆除 [95 %]"},
    Translation{"saturation [95 %]", "饱和速率 [95 %]"},
    Translation{"offered", "计划速率"},
    Translation{"achieved", "实际速率"},
    Translation{"response p50 [95 %]", "响应 p50 [95 %]"},
    Translation{"service p50 [95 %]", "服务 p50 [95 %]"},
    Translation{"service p99", "服务 p99"},
    Translation{"lateness p50", "迟到 p50"},
    Translation{"receiver's CPU/op", "接收方 CPU/次"},
    Translation{"highest rate", "最高速率"},
    Translation{"there [95 %]", "该处 [95 %]"},
    Translation{"next rate", "下一速率"},
    Translation{"breaks it [95 %]", "不满足 [95 %]"},
    Translation{"CPU there", "该处 CPU"},
    Translation{"answer", "结论"},
    Translation{"load", "负载"},
    Translation{"rate", "速率"},
    Translation{"placement", "放置"},
    Translation{"state", "状态"},
    Translation{"clock read", "读时钟"},
    Translation{"system call", "系统调用"},
    Translation{"cache-line RTT", "缓存行往返"},
    Translation{"futex wake RTT", "futex 唤醒往返"},
    Translation{"size", "大小"},
    Translation{"line touch", "逐行触碰"},
    Translation{"from", "从"},
    Translation{"to", "到"},
    Translation{"launches", "启动次数"},
    Translation{"used", "采用"},
    Translation{"longest gap", "最长间断"},
    Translation{"gaps", "间断次数"},
    Translation{"time in gaps", "间断占比"},
    Translation{"late wake-up p50", "唤醒延误 p50"},
    Translation{"latest", "最大延误"},
    Translation{"sleeps", "睡眠次数"},
    Translation{"status", "状态"},
    Translation{"cases", "用例"},
    Translation{"which", "哪些"},
    Translation{"reason", "原因"},
    Translation{"largest", "上限"},
    Translation{"asked", "要求"},
    Translation{"name", "名称"},
    Translation{"family", "类别"},
    Translation{"here", "此机可用"},
    Translation{"waits", "等待方式"},
    Translation{"options", "选项"},
    Translation{"summary", "说明"},
    Translation{"why not", "为何不可用"},
    Translation{"buffer", "缓冲区"},
    Translation{"direction", "方向"},
    Translation{"limit met", "触及的限制"},
};

// Beginnings of titles, of which the first match counts, and whole notes.
constexpr std::array kBeginnings = {
    Translation{"Ping-pong: round trips", "乒乓：往返延迟"},
    Translation{"Streaming of notifications", "单向通知"},
    Translation{"Streaming", "单向吞吐"},
    Translation{"Set-up of a channel", "建立通道"},
    Translation{"Rate: latency at a given load", "速率：给定负载下的延迟"},
    Translation{"Load: latency and CPU time at each rate", "负载：各速率下的延迟与 CPU 时间"},
    Translation{"Highest rate with", "满足承诺的最高速率："},
    Translation{"Idle: what a round trip costs after silence", "空闲：静默之后一次往返的代价"},
    Translation{"Idle CPUs: what they do", "空闲 CPU 的行为"},
    Translation{"service: from the begin of a message's send to its answer", "服务：自开始发送至收到应答"},
    Translation{"lateness: of the timer that ends the silence, before that", "迟到：此前结束静默的定时器"},
    Translation{"Run", "运行"},
    Translation{"Not measured", "未测量"},
    Translation{"Measured at their largest", "以上限测量"},
    Translation{"Floors: what nothing on these CPUs can beat", "下限：这些 CPU 上无法更快"},
    Translation{"Bandwidth floors", "带宽下限"},
    Translation{"Canary states: how far apart the two CPUs were", "金丝雀状态：两个 CPU 相距多远"},
    Translation{"Noise of the idle CPUs", "空闲 CPU 的噪声"},
    Translation{"Transports", "传输方式"},
    Translation{"Kernel buffers: the sizes that took effect", "内核缓冲区：实际生效的大小"},
    Translation{kLimitMarkNote, kLimitMarkNoteChinese},
    Translation{kBufferNote, "方向：forward 由发送方到接收方，backward 相反，each 各自，both 共用一个；大小按内核所报"},
    Translation{"carries nothing", "不携带数据"},
    Translation{"× floor: times the futex wake round trip (block, poll, io-uring) or the cache-line round trip (spin, "
                "hybrid) of these CPUs",
                "× 下限：相对于这些 CPU 上 futex 唤醒往返（block、poll、io-uring）或缓存行往返（spin、hybrid）的倍数"},
    Translation{"channel: memory that one takes when it is full (idle if it carries nothing), both directions",
                "通道内存：装满的一条通道（不携带数据的为空闲时）双向占用的内存"},
    Translation{"channel: ≥ where kernel objects hold a part that was not seen, or it was filled to the cap",
                "通道内存：≥ 表示有一部分在未能看到的内核对象中，或已装到上限"},
    Translation{
        "× floor: times slower than one memcpy of the same size, or than touching each line where memory is lent",
        "× 下限：比同样大小的一次 memcpy（借出内存时：逐行触碰）慢多少倍"},
    Translation{"calls/op, retried/op: ~ where another timing makes other system calls",
                "系统调用/次、重试/次：~ 表示时序不同则次数不同"},
    Translation{
        "calls/op: system calls of both sides that succeeded; retried/op: those that came back with an error and were "
        "made again",
        "系统调用/次：双方成功的系统调用；重试/次：出错后再次发出的调用"},
    Translation{
        "retried/op: 'in calls/op' where seccomp counted, which sees that a call is made and not what it returns",
        "重试/次：由 seccomp 计数时只知道发出了调用而不知返回值，已包含在“系统调用/次”中（in calls/op）"},
    Translation{"calls/op: '+ broker' where the calls of a third process come on top, which are not counted",
                "系统调用/次：“+ broker”表示另有第三个进程（代理）的调用，未计入"},
};

std::string word(std::string text) {
  for (const Translation& translation : kWords) {
    if (text == translation.english) return std::string(translation.chinese);
  }
  return text;
}

// Translates rows' notes and titles of parts like "1: 8 KiB, its largest: …; 64 KiB asked".
std::string of_largest(std::string text) {
  constexpr std::string_view kLargest = ", its largest: ", kAsked = " asked", kPart = ", the largest, ";
  if (const std::size_t part = text.find(kPart); part != std::string::npos) {
    return text.replace(part, kPart.size(), "（上限）, ");
  }
  const std::size_t largest = text.find(kLargest);
  const std::size_t before_sizes = text.rfind("; ");
  if (largest == std::string::npos || before_sizes == std::string::npos || !text.ends_with(kAsked)) return text;
  text.erase(text.size() - kAsked.size());
  text.replace(before_sizes, 2, "；要求");
  return text.replace(largest, kLargest.size(), "，为其上限：");
}

// Part of a title: "64 B, changed by a limit of this host, not ranked".
constexpr Translation kLimitedPart{", changed by a limit of this host, not ranked", "，受此机的限制影响，不排名"};

// Translates "64 B, answered by 4 KiB, block".
std::string of_reply(std::string text) {
  constexpr std::string_view kReply = ", answered by ";
  const std::size_t at = text.find(kReply);
  return at == std::string::npos ? text : text.replace(at, kReply.size(), "，应答 ");
}

// Translates "Streaming, same-cpu (CPU 0), as multiples of pipe".
std::string of_multiples(std::string text) {
  constexpr std::string_view kMultiples = ", as multiples of ";
  const std::size_t at = text.find(kMultiples);
  return at == std::string::npos ? text : text.replace(at, kMultiples.size(), "，为以下行的倍数：");
}

std::string sentence(std::string text) {
  text = of_multiples(of_reply(std::move(text)));
  for (const Translation& translation : kBeginnings) {
    if (text.starts_with(translation.english)) return text.replace(0, translation.english.size(), translation.chinese);
  }
  if (text.ends_with(kLimitedPart.english)) {
    text.erase(text.size() - kLimitedPart.english.size());
    text += kLimitedPart.chinese;
  }
  return of_largest(std::move(text));
}

// Replaces the phrases that the table itself has in both languages.
void replace_bilingual(std::string& text, const std::vector<BilingualString>& bilingual) {
  for (const BilingualString& both : bilingual) {
    const std::size_t at = both.english.empty() ? std::string::npos : text.find(both.english);
    if (at != std::string::npos) text.replace(at, both.english.size(), both.chinese);
  }
}

// Translates a cell that holds such a text.
void translate_cell(Cell& cell, const std::vector<BilingualString>& bilingual) {
  if (!cell.shown.empty()) return replace_bilingual(cell.shown, bilingual);
  const std::string* text = std::get_if<std::string>(&cell.value);
  if (text == nullptr) return;
  std::string shown = *text;
  replace_bilingual(shown, bilingual);
  if (shown != *text) cell.shown = std::move(shown);
}

}  // namespace

Table in_chinese(Table table) {
  table.title = sentence(std::move(table.title));
  for (Column& column : table.columns) column.title = word(std::move(column.title));
  for (TablePart& part : table.parts) part.title = sentence(std::move(part.title));
  for (std::string& note : table.notes) {
    note = sentence(std::move(note));
    replace_bilingual(note, table.bilingual);
  }
  if (table.bilingual.empty()) return table;
  for (TablePart& part : table.parts) {
    for (std::vector<Cell>& row : part.rows) {
      for (Cell& cell : row) translate_cell(cell, table.bilingual);
    }
  }
  return table;
}

}  // namespace ipcbench
