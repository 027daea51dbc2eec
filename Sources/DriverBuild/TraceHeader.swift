/// The `.tmh` header that Microsoft's trace preprocessor would make for a source.
enum TraceHeader {
  /// Functions that projects use without declaring them where a scan finds it.
  static let usual = [
    "DoTraceMessage(FLAGS, MSG, ...)",
    "DoTraceLevelMessage(LEVEL, FLAGS, MSG, ...)",
    "TraceEvents(LEVEL, FLAGS, MSG, ...)",
  ]

  /// The header for a driver that declares these trace functions.
  static func text(_ functions: [TraceFunction]) -> String {
    let declared = Set(functions.map(\.name))
    let assumed = usual.compactMap { TraceFunction($0) }.filter { !declared.contains($0.name) }
    var parts = [common]
    for function in assumed {
      parts.append("#ifndef \(function.name)\n\(function.macros)\n#endif")
    }
    parts += functions.map(\.macros)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static let common = """
    // Made by Ring3: trace calls compile and do nothing, as when no session listens.
    #if defined(__has_include)
    #if __has_include(<evntrace.h>)
    #include <evntrace.h>
    #endif
    #endif

    #ifndef TRACE_LEVEL_NONE
    #define TRACE_LEVEL_NONE 0
    #define TRACE_LEVEL_CRITICAL 1
    #define TRACE_LEVEL_FATAL 1
    #define TRACE_LEVEL_ERROR 2
    #define TRACE_LEVEL_WARNING 3
    #define TRACE_LEVEL_INFORMATION 4
    #define TRACE_LEVEL_VERBOSE 5
    #endif

    #ifndef RING3_WPP
    #define RING3_WPP

    static __inline int Ring3WppIgnore(int first, ...) { return first; }

    typedef struct RING3_WPP_CONTROL {
      unsigned char Level;
      unsigned long Flags[1];
      unsigned long long Logger;
    } RING3_WPP_CONTROL;

    static const RING3_WPP_CONTROL Ring3WppControl __attribute__((unused)) = {0, {0}, 0};

    #ifdef WPP_CONTROL_GUIDS
    #define WPP_DEFINE_CONTROL_GUID(Name, Guid, Bits) Bits
    #define WPP_DEFINE_BIT(Name) WPP_BIT_##Name,
    enum { WPP_CONTROL_GUIDS WPP_LAST_BIT };
    #endif

    #define WPP_CONTROL(Bit) Ring3WppControl
    #define WPP_CHECK_INIT 0
    #define WPP_FLAG_ENABLED(Flag) 0
    #define WPP_LEVEL_ENABLED(Level) 0
    #define WPP_FLAG_LOGGER(Flag) 0
    #define WPP_LEVEL_LOGGER(Level) 0
    #define WPP_INIT_TRACING(...) ((void)Ring3WppIgnore(0, ##__VA_ARGS__))
    #define WPP_CLEANUP(...) ((void)Ring3WppIgnore(0, ##__VA_ARGS__))
    #define WPP_SYSTEMCONTROL(...) ((void)Ring3WppIgnore(0, ##__VA_ARGS__))
    #define WPP_SYSTEMCONTROL2(...) ((void)Ring3WppIgnore(0, ##__VA_ARGS__))

    #endif
    """
}
