#pragma once

#ifdef __has_feature
#define IPCBENCH_HAS_FEATURE(name) __has_feature(name)
#else  // g++
#define IPCBENCH_HAS_FEATURE(name) 0
#endif

namespace ipcbench {

// kThreadSanitized is true in builds with the thread sanitizer; kSanitized also with the address or the memory
// sanitizer.
#if defined(__SANITIZE_THREAD__) || IPCBENCH_HAS_FEATURE(thread_sanitizer)
inline constexpr bool kThreadSanitized = true;
#else
inline constexpr bool kThreadSanitized = false;
#endif
#if defined(__SANITIZE_ADDRESS__) || IPCBENCH_HAS_FEATURE(address_sanitizer) || IPCBENCH_HAS_FEATURE(memory_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = kThreadSanitized;
#endif

}  // namespace ipcbench

#undef IPCBENCH_HAS_FEATURE
