import Foundation
import PortableExecutable
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
    let image = try work.image(driver)
    try image.requireDriver()
    #expect(image.isPageAligned)
    #expect(image.symbol(nearest: image.entryPoint)?.description == "GsDriverEntry")
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
    let image = try work.image(try work.build([source]))
    func module(_ name: String) -> Set<String> {
      let module = image.imports.first { $0.name == name }
      return Set(module?.imports.map(\.symbol.description) ?? [])
    }
    #expect(module("ntoskrnl.exe").contains("DbgPrint"))
    #expect(module("HAL.dll") == ["KeQueryPerformanceCounter"])
    #expect(module("FLTMGR.SYS") == ["FltUnregisterFilter"])
  }

  @Test func `guards stack buffers with a cookie that the load configuration names`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        void fill(char *p);
        NTSTATUS DriverEntry(void *driver, void *path) { char b[64]; fill(b); return b[3]; }
        void fill(char *p) { for (int i = 0; i < 64; i++) p[i] = (char)i; DbgPrint(p); }
        """)
    let image = try work.image(try work.build([source]))
    let check = image.symbols.symbol(named: "__security_check_cookie")
    let cookie = try #require(image.symbols.symbol(named: "__security_cookie"))
    #expect(check != nil)
    #expect(image.loadConfiguration?.securityCookie == cookie.rva)
    #expect(image.section(containing: cookie.rva)?.isWritable == true)
  }

  @Test func `gives every function with a frame unwind information`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        __declspec(noinline) int f(int a) { volatile int b[8]; b[a] = a; return b[a & 7] + a; }
        NTSTATUS DriverEntry(void *driver, void *path) { return f((int)(long long)path); }
        """)
    let image = try work.image(try work.build([source]))
    let function = try #require(image.symbols.symbol(named: "f"))
    #expect(image.function(containing: function.rva)?.begin == function.rva)
  }

  @Test func `lets initialisation code be thrown away`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        #pragma alloc_text(INIT, DriverEntry)
        #pragma code_seg("PAGE")
        __declspec(noinline) int paged(int a) { return a * 3; }
        #pragma code_seg()
        NTSTATUS DriverEntry(void *driver, void *path) { return paged((int)(long long)path); }
        """)
    let image = try work.image(try work.build([source]))
    let first = image.sections.first { $0.name == "INIT" }
    #expect(first?.isDiscardable == true && first?.isExecutable == true)
    #expect(image.sections.first { $0.name == "PAGE" }?.isPageable == true)
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
    let image = try work.image(try work.build([source]) { $0.controlFlowGuard = true })
    #expect(image.loadConfiguration?.guardFlags.contains(.instrumented) == true)
    #expect(image.loadConfiguration?.guardDispatchPointer != nil)
  }

  @Test func `makes images that check their accesses`() throws {
    let one = try work.write(
      "a.c",
      prelude + """
        int table[3];
        NTSTATUS DriverEntry(void *driver, void *path) { return table[(long long)driver]; }
        """)
    // Both have the constant: it must not be defined twice.
    let two = try work.write("b.c", "__declspec(selectany) const int table2[3] = {1};\n")
    let three = try work.write("c.c", "__declspec(selectany) const int table2[3] = {1};\n")
    let image = try work.image(try work.build([one, two, three]) { $0.addressSanitizer = true })
    #expect(image.sections.contains { $0.name == "KASAN" })
    let names = image.imports.flatMap(\.imports).map { "\($0.symbol)" }
    #expect(names.contains { $0.contains("Ring3KasanReport") })
    #expect(!(try work.image(try work.build([one])).sections.contains { $0.name == "KASAN" }))
  }

  @Test func `pageable functions stay in their section`() throws {
    let source = try work.write(
      "a.c",
      prelude + """
        static int half(int x);
        #pragma alloc_text(PAGE, half)
        static int half(int x) { return x / 2; }
        NTSTATUS DriverEntry(void *driver, void *path) { return half((int)(long long)driver); }
        """)
    let driver = try work.build([source])
    #expect(try work.image(driver).sections.contains { $0.name == "PAGE" })
    #expect(try work.dump(["-d", "--section=PAGE"], driver.path).contains("<half>"))
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
