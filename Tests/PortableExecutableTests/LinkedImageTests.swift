import PortableExecutable
import Testing

/// Images as a real linker makes them.
@Suite struct LinkedImageTests {
  static let source = """
    __declspec(dllimport) void KernelCall(void *);
    __declspec(dllimport) int KernelFilter(int);
    int __C_specific_handler();
    int counter = 5;
    int *pointers[3] = { &counter, &counter, &counter };
    __declspec(noinline) int Guarded(volatile int *p) {
      int result = 0;
      __try { result = *p; KernelCall((void *)p); }
      __except (KernelFilter(1)) { result = -1; }
      return result;
    }
    __declspec(noinline) int Helper(int x) {
      volatile char buffer[256];
      KernelCall((void *)buffer);
      return x + buffer[3] + *pointers[x % 3];
    }
    int DriverEntry(void *driver, void *path) {
      KernelCall(driver);
      return Helper(1) + Guarded(pointers[0]);
    }
    """
  static let imports = ["KernelCall", "KernelFilter", "__C_specific_handler"]

  @Test("a driver of clang and lld-link is read whole")
  func driver() throws {
    let toolchain = try Toolchain()
    defer { toolchain.remove() }
    let image = try Image(
      bytes: try toolchain.driver(
        Self.source, imports: Self.imports, compile: ["-gdwarf"], link: ["/debug:dwarf"]))
    try image.requireDriver()
    #expect(image.driverModel == .wdm)
    #expect(image.imports.map(\.name) == ["ntoskrnl.exe"])
    #expect(
      Set(image.imports[0].imports.map(\.symbol.description)) == Set(Self.imports))
    #expect(image.relocations.count == 3)
    #expect(image.sections.contains { $0.name == ".debug_info" && $0.isDiscardable })
    for target in image.relocations {
      let bytes = try #require(image.contents(at: target, count: 8))
      let address = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      #expect(image.symbol(nearest: UInt32(address - image.preferredBase))?.name == "counter")
    }
  }

  @Test("functions, symbols and handlers of a linked driver agree")
  func functions() throws {
    let toolchain = try Toolchain()
    defer { toolchain.remove() }
    let image = try Image(
      bytes: try toolchain.driver(
        Self.source, imports: Self.imports, compile: ["-gdwarf"], link: ["/debug:dwarf"]))
    let entry = try #require(image.symbols.symbol(named: "DriverEntry"))
    #expect(entry.rva == image.entryPoint)
    #expect(image.symbol(nearest: entry.rva + 3)?.description == "DriverEntry+0x3")
    for name in ["DriverEntry", "Helper", "Guarded"] {
      let symbol = try #require(image.symbols.symbol(named: name))
      let function = try #require(image.function(containing: symbol.rva))
      #expect(function.begin == symbol.rva)
      let info = try image.unwindInfo(of: function)
      #expect((info.handler != nil) == (name == "Guarded"))
      #expect(!info.codes.isEmpty)
    }
  }

  @Test("the PDB of a driver is named")
  func pdb() throws {
    let toolchain = try Toolchain()
    defer { toolchain.remove() }
    let image = try Image(
      bytes: try toolchain.driver(
        Self.source, imports: Self.imports, compile: ["-gcodeview"],
        link: ["/debug", "/pdb:driver.pdb", "/release"]))
    #expect(image.pdb?.path.hasSuffix("driver.pdb") == true)
    #expect(image.symbols.isEmpty)
  }

  @Test("a driver with control-flow guard tells its pointers and its cookie")
  func controlFlowGuard() throws {
    let toolchain = try Toolchain()
    defer { toolchain.remove() }
    let support = """

      unsigned long long __security_cookie = 0x2B992DDFA232ULL;
      static void check(void) {}
      __attribute__((section(".00cfg"))) void *__guard_check_icall_fptr = (void *)check;
      __attribute__((section(".00cfg"))) void *__guard_dispatch_icall_fptr = (void *)check;
      extern char __guard_fids_table[], __guard_fids_count[], __guard_flags[];
      const struct {
        unsigned size; char a[0x54]; void *cookie; char b[0x10];
        void *check, *dispatch, *table, *count; unsigned flags;
      } _load_config_used = {
        0x94, {0}, &__security_cookie, {0}, &__guard_check_icall_fptr,
        &__guard_dispatch_icall_fptr, __guard_fids_table, __guard_fids_count, 0x500
      };
      """
    let image = try Image(
      bytes: try toolchain.driver(
        Self.source + support, imports: Self.imports,
        compile: ["-Xclang", "-cfguard", "-gdwarf"], link: ["/guard:cf", "/debug:dwarf"]))
    #expect(image.headers.dllCharacteristics.contains(.controlFlowGuard))
    let configuration = try #require(image.loadConfiguration)
    #expect(configuration.size == 0x94)
    #expect(
      configuration.securityCookie == image.symbols.symbol(named: "__security_cookie")?.rva)
    #expect(
      configuration.guardDispatchPointer
        == image.symbols.symbol(named: "__guard_dispatch_icall_fptr")?.rva)
    #expect(configuration.guardFlags.contains([.instrumented, .functionTablePresent]))
    #expect(configuration.guardFunctionCount > 0)
  }

  @Test("a driver of nothing but an entry point needs no tables")
  func trivial() throws {
    let toolchain = try Toolchain()
    defer { toolchain.remove() }
    let image = try Image(
      bytes: try toolchain.driver("int DriverEntry(void) { return 0; }"))
    try image.requireDriver()
    #expect(image.sections.map(\.name) == [".text"])
    #expect(image.imports.isEmpty && image.relocations.isEmpty)
  }

  @Test("a fixed image and a user program are refused as drivers")
  func refused() throws {
    let toolchain = try Toolchain()
    defer { toolchain.remove() }
    let fixed = try Image(
      bytes: try toolchain.driver(
        Self.source, imports: Self.imports, link: ["/fixed", "/dynamicbase:no"]))
    #expect(throws: ImageError.self) { try fixed.requireDriver() }
    let program = try Image(
      bytes: try toolchain.driver(
        "int DriverEntry(void) { return 0; }", link: ["/subsystem:console"]))
    #expect(throws: ImageError.self) { try program.requireDriver() }
  }
}
