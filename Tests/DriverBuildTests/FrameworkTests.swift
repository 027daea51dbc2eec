import Foundation
import PortableExecutable
import Testing

@testable import DriverBuild

/// Drivers of the Kernel-Mode Driver Framework.
@Suite struct FrameworkTests {
  let work: Workspace
  init() throws { work = try Workspace() }

  static let source = """
    #include <ntddk.h>
    #include <wdf.h>

    typedef struct _DEVICE_CONTEXT { int value; } DEVICE_CONTEXT;
    WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, GetContext)

    static EVT_WDF_DRIVER_DEVICE_ADD deviceAdd;
    static NTSTATUS deviceAdd(WDFDRIVER driver, PWDFDEVICE_INIT init) {
      WDF_OBJECT_ATTRIBUTES attributes;
      WDFDEVICE device;
      UNREFERENCED_PARAMETER(driver);
      WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, DEVICE_CONTEXT);
      NTSTATUS status = WdfDeviceCreate(&init, &attributes, &device);
      if (NT_SUCCESS(status)) GetContext(device)->value = 1;
      return status;
    }

    #ifdef __cplusplus
    extern "C"
    #endif
    NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
      WDF_DRIVER_CONFIG config;
      WDF_DRIVER_CONFIG_INIT(&config, deviceAdd);
      return WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
    }

    """

  @Test(arguments: [9, 15, 33], ["c", "cpp"])
  func `binds a driver to the version that it asks for`(minor: Int, language: String) throws {
    let source = try work.write("a.\(language)", Self.source)
    let driver = try work.build([source]) { $0.defines = ["KMDF_VERSION_MINOR=\(minor)"] }
    #expect(driver.warnings == "" && driver.notes == [])
    let image = try work.image(driver)
    #expect(image.driverModel == .kmdf)
    #expect(image.frameworkVersion?.description == "1.\(minor)")
    let loader = image.imports.first { $0.name == "WDFLDR.SYS" }
    let names = Set(loader?.imports.map(\.symbol.description) ?? [])
    #expect(
      names == [
        "WdfVersionBind", "WdfVersionBindClass", "WdfVersionUnbind", "WdfVersionUnbindClass",
      ])
    try image.requireDriver()
  }

  @Test func `takes the newest version when nothing says which`() throws {
    let source = try work.write("a.c", Self.source)
    #expect(try work.image(try work.build([source])).frameworkVersion?.minor == 33)
  }

  @Test func `takes the version from the project`() throws {
    try work.write("p/a.c", Self.source)
    try work.write(
      "p/a.vcxproj",
      """
      <Project><PropertyGroup><ConfigurationType>Driver</ConfigurationType>
      <KMDF_VERSION_MAJOR>1</KMDF_VERSION_MAJOR><KMDF_VERSION_MINOR>15</KMDF_VERSION_MINOR>
      </PropertyGroup><ItemGroup><ClCompile Include="a.c" /></ItemGroup></Project>
      """)
    let driver = try work.build([work.directory + "/p"])
    #expect(try work.image(driver).frameworkVersion?.minor == 15)
  }

  @Test func `refuses objects of two versions`() throws {
    let one = try work.write("one.c", "#define KMDF_VERSION_MINOR 15\n" + Self.source)
    let two = try work.write(
      "two.c",
      """
      #include <ntddk.h>
      #include <wdf.h>
      void f(WDFOBJECT object);
      void f(WDFOBJECT object) { WdfObjectDelete(object); }

      """)
    let error = work.failure([one, two])
    #expect(error?.code == .linkFailed)
    #expect(error?.message.contains("compiled for KMDF 1.15 and 1.33") == true)
  }

  @Test func `a driver of another model names no framework`() throws {
    let image = try work.image(try work.build([try work.write("a.c", prelude + entry)]))
    #expect(image.frameworkVersion == nil)
    #expect(!image.imports.contains { $0.name == "WDFLDR.SYS" })
  }

  @Test func `shared context types are found at the start`() throws {
    let source = try work.write(
      "a.c",
      """
      #include <ntddk.h>
      #include <wdf.h>
      typedef struct _S { int a; } S;
      PCWDF_OBJECT_CONTEXT_TYPE_INFO S_find(void);
      #define S_EXTERNAL_INIT_FUNCTION S_find
      WDF_DECLARE_SHARED_CONTEXT_TYPE_WITH_NAME(S, GetS)
      PCWDF_OBJECT_CONTEXT_TYPE_INFO S_find(void) { return WDF_GET_CONTEXT_TYPE_INFO(S); }
      NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
        UNREFERENCED_PARAMETER(path);
        return GetS(driver)->a;
      }

      """)
    let image = try work.image(try work.build([source]))
    // The two marks of the entry code and the type between them, in a section that can be written.
    let section = try #require(image.sections.first { $0.name.hasPrefix(".kmdfty") })
    #expect(section.size >= 8 + 0x28 + 8)
    #expect(section.characteristics.contains(.write))
  }
}
