#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>

#include "results/files/json_archive.h"
#include "results/model/record.h"

// Maps the members of a launch to keys: whole, and in the summary form.

namespace ipcbench::json {

template <class A, Like<SideUsage> R>
void fields(A& a, R& r) {
  a("cpu_ns", r.cpu_ns);
  a("wall_ns", r.wall_ns);
  if (a.form() != Form::summary) {
    a("user_ns", r.user_ns);
    a("system_ns", r.system_ns);
  }
  a("voluntary", r.voluntary);
  a("involuntary", r.involuntary);
  a("minor_faults", r.minor_faults);
  a("major_faults", r.major_faults);
}

template <class A, Like<ProcessUsage> R>
void fields(A& a, R& r) {
  a("cpu_ns", r.cpu_ns);
  a("voluntary", r.voluntary);
  a("involuntary", r.involuntary);
}

template <class A, Like<CallCount> R>
void fields(A& a, R& r) {
  a("done", r.done);
  a("retried", r.retried);
}

template <class A, Like<CallsRecord> R>
void fields(A& a, R& r) {
  a("producer", r.sides[0]);
  a("consumer", r.sides[1]);
  a("timing_dependent", r.timing_dependent);
  a.added("source", r.source);
}

template <class A, Like<SetupRecord> R>
void fields(A& a, R& r) {
  a("create_ns", r.create_ns);
  a("connect_ns", r.connect_ns);
  a("teardown_ns", r.teardown_ns);
}

template <class A, Like<LoadRecord> R>
void fields(A& a, R& r) {
  a("offered_per_s", r.offered_per_s);
  a.if_any("silence_ns", r.silence_ns);
  a("achieved_per_s", r.achieved_per_s);
  a("overloaded", r.overloaded);
  a("unsteady", r.unsteady);
  a("backlog", r.backlog);
  a("response_max_ns", r.response_max_ns);
  a("response_max_at_ns", r.response_max_at_ns);
  a("service_max_ns", r.service_max_ns);
  a("lateness_max_ns", r.lateness_max_ns);
  a("late_ratio", r.late_ratio);
  a("pacer_cpu_ns", r.pacer_cpu_ns);
  a("response", r.response);
  a("service", r.service);
  a("lateness", r.lateness);
}

template <class A, Like<SeatRecord> R>
void fields(A& a, R& r) {
  a.word("role", r.role);
  a("index", r.index);
  a("cpu", r.cpu);
  a("ops", r.ops);
  a("cpu_ns", r.cpu_ns);
  a("p50_ns", r.p50_ns);
  a("p99_ns", r.p99_ns);
  a("max_ns", r.max_ns);
}

template <class A, Like<CastRecord> R>
void fields(A& a, R& r) {
  a("fairness", r.fairness);
  a("worst_ratio", r.worst_ratio);
  a("seats", r.seats);
}

template <class A, Like<LockRecord> R>
void fields(A& a, R& r) {
  a("block_ns", r.block_ns);
  a("turns", r.turns);
  a("handovers", r.handovers);
  a("handover_p50_ns", r.handover_p50_ns);
  a("handover_p99_ns", r.handover_p99_ns);
}

template <class A, Like<BufferRecord> R>
void fields(A& a, R& r) {
  a.word("name", r.name);
  a.word("direction", r.direction);
  a("size", r.size);
}

template <class A, Like<LimitRecord> R>
void fields(A& a, R& r) {
  a.word("limit", r.limit);
  a.word("value", r.value);
  a.word("effect", r.effect);
  a.text_or_null("buffer", r.buffer);
  a("wanted", r.wanted);
  a("got", r.got);
}

template <class A, Like<Quantiles> R>
void fields(A& a, R& r) {
  a("count", r.count);
  a.if_any("p50", r.p50);
  a.if_any("p90", r.p90);
  a.if_any("p99", r.p99);
  a.if_any("p999", r.p999);
  a.if_any("p9999", r.p9999);
}

// The archive of a launch in the summary form: A, but whatever is absent is left out.
template <class A>
class Sparse {
 public:
  explicit Sparse(A& archive) : archive_(archive) {}

  template <class T>
  void operator()(std::string_view key, T& value) {
    if constexpr (requires { value.has_value(); }) {
      archive_.if_any(key, value);
    } else if constexpr (
        requires { value.empty(); } && !requires { std::tuple_size<T>::value; }) {
      archive_.unless_empty(key, value);
    } else {
      archive_(key, value);
    }
  }
  template <class F>
  void object(std::string_view key, const F& content) {
    archive_.object(key, [&](auto& nested) {
      Sparse<std::remove_reference_t<decltype(nested)>> sparse(nested);
      content(sparse);
    });
  }
  template <class T>
  void text_or_null(std::string_view key, T& text) {
    (*this)(key, text);
  }
  template <class T>
  void added(std::string_view key, T& value) {
    (*this)(key, value);
  }
  template <class T>
  void if_any(std::string_view key, T& value) {
    (*this)(key, value);
  }
  Form form() const { return archive_.form(); }

 private:
  A& archive_;
};

template <class A, Like<LaunchRecord> R>
void launch_fields(A& a, R& r) {
  const bool is_whole = a.form() != Form::summary;
  a("pass", r.pass);
  a("order", r.order);
  a("status", r.status);
  a("reason", r.reason);
  a("phase", r.phase);
  if (is_whole) {
    a("started", r.started);
    a("seed", r.seed);
  }
  a("ops", r.ops);
  if (is_whole) a("warmup_ops", r.warmup_ops);
  a("cpus", r.cpus);
  a("canary_ns", r.canary_ns);
  a.text_or_null("state", r.state);
  a("used", r.used);
  a("outlier", r.outlier);
  a.text_or_null("class", r.launch_class);
  a("mean_ns", r.mean_ns);
  a("mean_stamped_ns", r.mean_stamped_ns);
  a("max_ns", r.max_ns);
  a("max_at_ns", r.max_at_ns);
  a("block_ns", r.block_ns);
  a.added("calls", r.calls);
  a.added("setup", r.setup);
  a.if_any("load", r.load);
  a.if_any("cast", r.cast);
  a.if_any("lock", r.lock);
  a.added("buffers", r.buffers);
  a.added("limits_met", r.limits_met);
  a.object("integrity", [&](auto& in) {
    in("verified", r.verified);
    in("sent", r.sent);
    in("bytes_per_op", r.bytes_per_op);
  });
  a.object("usage", [&](auto& in) {
    in("producer", r.usage[0]);
    in("consumer", r.usage[1]);
    in.added("broker", r.broker);
    if (!is_whole) return;
    in.object("coordinator", [&](auto& coordinator) {
      coordinator("cpu_ns", r.coordinator_cpu_ns);
      coordinator("wall_ns", r.coordinator_wall_ns);
    });
  });
  if (is_whole) {
    a("environment", r.environment);
    a("slices", r.slices_ns);
  }
  a("histogram", r.histogram);
  a.if_any("threads", r.threads);
}

template <class A, Like<LaunchRecord> R>
void fields(A& a, R& r) {
  if (a.form() != Form::summary) return launch_fields(a, r);
  Sparse<A> sparse(a);
  launch_fields(sparse, r);
}

}  // namespace ipcbench::json
