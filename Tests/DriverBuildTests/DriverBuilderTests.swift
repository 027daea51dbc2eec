import Foundation
import Testing

@testable import DriverBuild

@Suite struct DriverBuilderTests {
  let work: Workspace
  init() throws { work = try Workspace() }

  @Test func `writes an image for the native subsystem where it is told to`() throws {
    let source = try work.write("a.c", prelude + entry)
    let driver = try work.build([source], output: work.directory + "/a.sys")
    #expect(driver.path == work.directory + "/a.sys")
    #expect(driver.warnings == "")
    #expect(driver.notes == [])
    let dump = try work.dump(["-p"], driver.path)
    let isNative = dump.contains(/Subsystem +00000001\s+\(NT native\)/)
    let isPE32Plus = dump.contains(/Magic +020b\s+\(PE32\+\)/)
    let hasEntry = !dump.contains(/AddressOfEntryPoint +0+\n/)
    #expect(isNative && isPE32Plus && hasEntry)
  }

  @Test func `leaves the image in the cache without an output path`() throws {
    let source = try work.write("a.c", prelude + entry)
    let driver = try work.build([source])
    #expect(driver.path.hasPrefix(work.directory + "/cache/drivers/"))
    #expect(isFile(driver.path))
  }

  @Test func `takes imports from the module that exports them`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        __declspec(dllimport) long long KeQueryPerformanceCounter(void *f);
        __declspec(dllimport) void FltUnregisterFilter(void *f);
        NTSTATUS DriverEntry(void *driver, void *path) {
          DbgPrint("x"); FltUnregisterFilter(driver);
          return (NTSTATUS)KeQueryPerformanceCounter(0);
        }
        """)
    let dump = try work.dump(["-p"], try work.build([source]).path)
    let imports = dump.components(separatedBy: "DLL Name: ").dropFirst()
    func module(_ name: String) -> String {
      imports.first { $0.hasPrefix(name) } ?? ""
    }
    #expect(module("ntoskrnl.exe").contains("DbgPrint"))
    #expect(module("HAL.dll").contains("KeQueryPerformanceCounter"))
    #expect(module("FLTMGR.SYS").contains("FltUnregisterFilter"))
  }

  @Test func `guards stack buffers with a cookie that the load configuration names`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        void fill(char *p);
        NTSTATUS DriverEntry(void *driver, void *path) { char b[64]; fill(b); return b[3]; }
        void fill(char *p) { for (int i = 0; i < 64; i++) p[i] = (char)i; DbgPrint(p); }
        """)
    let path = try work.build([source]).path
    #expect(try work.dump(["-p"], path).contains("KeBugCheckEx"))
    #expect(try work.dump(["-t"], path).contains("__security_check_cookie"))
    #expect(try work.dump(["-t"], path).contains("_load_config_used"))
  }

  @Test func `gives every function with a frame unwind information`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        __declspec(noinline) int f(int a) { volatile int b[8]; b[a] = a; return b[a & 7] + a; }
        NTSTATUS DriverEntry(void *driver, void *path) { return f((int)(long long)path); }
        """)
    let dump = try work.dump(["-h", "--unwind-info"], try work.build([source]).path)
    #expect(dump.contains(".pdata"))
  }

  @Test func `compiles structured exceptions`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        NTSTATUS DriverEntry(void *driver, void *path) {
          __try { *(volatile int *)path = 1; } __except (1) { return -1; }
          return 0;
        }
        """)
    let dump = try work.dump(["-p"], try work.build([source]).path)
    #expect(dump.contains("__C_specific_handler"))
  }

  @Test func `a write through NULL stays a write`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        NTSTATUS DriverEntry(void *driver, void *path) { *(int *)0 = 7; return 0; }
        """)
    let dump = try work.dump(["-d"], try work.build([source]).path)
    #expect(!dump.contains("ud2"))
  }

  @Test(arguments: ["cpp", "cxx", "cc"])
  func `compiles C++`(kind: String) throws {
    let source = try work.write(
      "a.\(kind)",
      prelude + """
        struct Guard { virtual ~Guard() {} virtual int f() = 0; };
        struct Real : Guard { int f() override { return DbgPrint("f"); } };
        void operator delete(void *, unsigned long long) {}
        NTSTATUS DriverEntry(void *driver, void *path) { Real r; Guard *g = &r; return g->f(); }
        NTSTATUS guarded(int *p) { __try { return *p; } __except (1) { return 1; } }
        """)
    let driver = try work.build([source])
    #expect(driver.notes == [])
  }

  @Test func `says that nobody runs constructors of globals`() throws {
    let source = try work.write(
      "a.cpp",
      prelude + "int f(); struct S { int x; S() : x(DbgPrint(\"\")) {} } s;\n"
        + "NTSTATUS DriverEntry(void *, void *) { return s.x; }\n")
    #expect(try work.build([source]).notes.contains { $0.contains("constructors") })
  }

  @Test func `carries DWARF that names functions and lines`() throws {
    let source = try work.write("a.c", prelude + entry)
    #expect(try work.dump(["-h"], try work.build([source]).path).contains(".debug_line"))
    let plain = try work.build([source]) { $0.debugInformation = false }
    #expect(!(try work.dump(["-h"], plain.path).contains(".debug_line")))
  }

  @Test func `makes images with control-flow guard`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        typedef int (*F)(int);
        NTSTATUS DriverEntry(void *driver, void *path) { return ((F)driver)(1); }
        """)
    _ = try work.build([source]) { $0.controlFlowGuard = true }
  }

  @Test func `defines macros and searches include directories`() throws {
    try work.write("inc/answer.h", "#define ANSWER (VALUE + 1)\n")
    let source = try work.write(
      "a.c",
      prelude + "#include <answer.h>\n_Static_assert(ANSWER == 42 && ON == 1, \"\");\n" + entry)
    _ = try work.build([source]) {
      $0.includeDirectories = [work.directory + "/inc"]
      $0.defines = ["VALUE=41", "ON"]
    }
  }

  @Test func `builds the same bytes twice`() throws {
    let source = try work.write("a.c", prelude + entry)
    let first = try Data(contentsOf: URL(fileURLWithPath: try work.build([source]).path))
    let again = try work.build([source]) { $0.usesCache = false }
    #expect(!again.isFromCache)
    #expect(try Data(contentsOf: URL(fileURLWithPath: again.path)) == first)
  }

  @Test func `takes an unchanged driver from the cache, with its warnings`() throws {
    try work.write("a.h", "#define X 1\n")
    let source = try work.write("a.c", prelude + "#include \"A.h\"\n#warning look\n" + entry)
    let first = try work.build([source])
    #expect(first.warnings.contains("look"))
    let second = try work.build([source])
    #expect(second.isFromCache && !first.isFromCache)
    #expect(second.warnings == first.warnings && second.path == first.path)
    try work.write("a.h", "#define X 2\n")
    #expect(!(try work.build([source])).isFromCache)
  }

  @Test func `builds side by side`() async throws {
    let source = try work.write("a.c", prelude + entry)
    let paths = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 { group.addTask { [work] in try work.build([source]).path } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(paths.count == 1)
  }
}
