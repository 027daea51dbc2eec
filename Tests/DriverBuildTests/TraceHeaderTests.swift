import Foundation
import Testing

@testable import DriverBuild

@Suite struct TraceHeaderTests {
  let work: Workspace
  init() throws { work = try Workspace() }

  @Test func `reads a FUNC statement`() throws {
    let function = try #require(
      TraceFunction("FUNC Trace{FLAG=ALL, LEVEL=ERROR}(COMP, MSG, ...);"))
    #expect(function.name == "Trace")
    #expect(function.conditions == ["FLAG", "LEVEL"] && function.values == ["ALL", "ERROR"])
    #expect(function.parameters == ["COMP", "MSG", "..."] && !function.isDoubled)
    #expect(TraceFunction("FUNC KdPrint((MSG, ...))")?.isDoubled == true)
    #expect(TraceFunction("FUNC ") == nil)
    #expect(TraceFunction("FUNC X(A") == nil)
  }

  @Test func `finds the statements in configuration blocks only`() {
    let functions = TraceFunction.declared(
      in: """
        // FUNC Outside(MSG, ...);
        // begin_wpp config
        // USEPREFIX (A, "%!STDPREFIX!");
        // FUNC A{LEVEL=TRACE_LEVEL_ERROR}(EXP);
        // FUNC B(LEVEL,
        //        FLAGS, MSG, ...);
        // end_wpp
        /* begin_wpp config
           FUNC C(MSG, ...);
           end_wpp */
        """)
    #expect(functions.map(\.name) == ["A", "B", "C"])
    #expect(functions[1].parameters == ["LEVEL", "FLAGS", "MSG", "..."])
  }

  @Test func `makes trace calls compile without a warning`() throws {
    try work.write(
      "Trace.h",
      """
      #define WPP_CONTROL_GUIDS WPP_DEFINE_CONTROL_GUID(CtlGuid,(d58c126f,b309,11d1,969e,0000f875a5bc), \\
        WPP_DEFINE_BIT(FLAG_ONE) WPP_DEFINE_BIT(FLAG_TWO))
      #define WPP_LEVEL_FLAGS_ENABLED(l, flags) \\
        (WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_ ## flags).Level >= l)
      // begin_wpp config
      // FUNC TRACE_RETURN{FLAG=FLAG_ONE}(EXP);
      // USESUFFIX (TRACE_RETURN, "Function Return=%!STATUS!", EXP);
      // FUNC KdPrint{LEVEL=TRACE_LEVEL_INFORMATION}((MSG, ...));
      // FUNC TraceError{LEVEL=TRACE_LEVEL_ERROR}(FLAGS, MSG, ...);
      // end_wpp
      #define WPP_FLAG_EXP_PRE(FLAGS, HR) { if (HR != 0) {
      #define WPP_FLAG_EXP_POST(FLAGS, HR) ;}}
      typedef struct Bytes { char *_buf; short _len; } Bytes;

      """)
    let body = """
      #include "trace.h"
      #define KdPrint(x) DbgPrint x
      #include "A.tmh"
      static Bytes bytes(void *p) { Bytes b = {(char *)p, 4}; return b; }
      NTSTATUS DriverEntry(void *driver, void *path) {
        NTSTATUS status = -1;
        WPP_INIT_TRACING(driver, path);
        TraceEvents(TRACE_LEVEL_ERROR, FLAG_ONE, "entered");
        TraceEvents(TRACE_LEVEL_ERROR, FLAG_ONE, "%!FUNC! %!STATUS! " "%s", status, "x");
        DoTraceMessage(FLAG_TWO, "%!HEXDUMP!", bytes(path));
        if (status) TraceError(FLAG_TWO, "failed %d", status); else KdPrint(("fine %d", 1));
        TRACE_RETURN(status);
        if (WPP_LEVEL_FLAGS_ENABLED(5, FLAG_TWO)) return 1;
        WPP_CLEANUP(driver);
        return WPP_BIT_FLAG_TWO;
      }
      """
    let source = try work.write("a.c", prelude + body)
    #expect(try work.build([source]).warnings == "")
    let cxx = try work.write("a.cpp", prelude + body)
    #expect(try work.build([cxx]).warnings == "")
  }

  @Test func `takes the functions that a project declares`() throws {
    try work.write(
      "p.vcxproj",
      """
      <Project><ItemDefinitionGroup><ClCompile>
      <WppTraceFunction>SerialPrint(LEVEL,FLAGS,MSG,...);Hexdump((LEVEL,FLAGS,MSG,...))</WppTraceFunction>
      </ClCompile></ItemDefinitionGroup></Project>
      """)
    let source = try work.write(
      "a.c",
      prelude + """
        #include "a.tmh"
        NTSTATUS DriverEntry(void *driver, void *path) {
          SerialPrint(NOBODY, KNOWS, "x %d", 3);
          Hexdump((NOBODY, KNOWS, "x %d", 3));
          return 0;
        }
        """)
    #expect(try work.build([source]).warnings == "")
  }
}
