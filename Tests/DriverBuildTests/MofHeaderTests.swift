import Foundation
import Testing

@testable import DriverBuild

/// Headers made of classes of management instrumentation.
@Suite struct MofHeaderTests {
  let work: Workspace
  init() throws { work = try Workspace() }

  static let mof = """
    #pragma autorecover
    /* Two classes // one inside the other */
    [WMI, HeaderName("Inner"), guid("{A1C15015-B069-11d1-9290-00A0C9062910}")]
    class Vendor_Inner
    {
      [WmiDataId(2), read] uint16 Second[3];
      [WmiDataId(1), read, Description("one; [two]") : amended] uint32 First;
    };
    [WMI, Dynamic, Provider("WmiProv"), guid("15D851F2-6539-11d1-A529-00A0C9062910")]
    class Outer : WMIEvent
    {
      [key, read] string InstanceName;
      [read] boolean Active;
      [WmiDataId(1), read] Vendor_Inner Parts[2];
      [WmiDataId(2), read] boolean Last;
      [Implemented, WmiMethodId(7)] void Run([in] uint32 A, [in] sint64 B, [out] uint8 C);
    };
    [WMI, guid("{BBA21300-6DD3-11d2-B844-00C04FAD5171}")]
    class Named
    {
      [WmiDataId(1), read] uint64 Number;
      [WmiDataId(2), read] string Text;
    };
    """

  @Test func `reads classes with their items and methods`() throws {
    let classes = MofClass.all(in: Self.mof)
    #expect(classes.map(\.name) == ["Vendor_Inner", "Outer", "Named"])
    #expect(classes.map(\.headerName) == ["Inner", "Outer", "Named"])
    #expect(classes[0].items.map(\.name) == ["First", "Second"])
    #expect(classes[0].items.map(\.count) == [nil, "3"])
    #expect(classes[1].items.map(\.name) == ["Parts", "Last"])
    let method = try #require(classes[1].methods.first)
    #expect(method.name == "Run" && method.id == 7)
    #expect(method.parameters.map(\.isInput) == [true, true, false])
    #expect(method.parameters.map(\.isOutput) == [false, false, true])
  }

  @Test func `a project's header is made of the file that it names`() throws {
    try work.write("p/a.mof", Self.mof)
    try work.write(
      "p/a.vcxproj",
      """
      <Project><PropertyGroup><ConfigurationType>Driver</ConfigurationType></PropertyGroup>
      <ItemGroup><ClCompile Include="a.c" /><MofComp Include="a.mof" />
      <Wmimofck Include=".\\$(IntDir)\\a.bmf">
      <HeaderOutputFile>.\\$(IntDir)\\aMof.h</HeaderOutputFile></Wmimofck></ItemGroup></Project>
      """)
    try work.write(
      "p/a.c",
      """
      #include <ntddk.h>
      #include <initguid.h>
      #include "AMOF.h"
      C_ASSERT(Inner_SIZE == 10);
      C_ASSERT(FIELD_OFFSET(Outer, Last) == 24 && Outer_SIZE == 25 && Outer_Last_ID == 2);
      C_ASSERT(Run == 7 && sizeof(Run_IN) == 16 && Run_OUT_SIZE == 1);
      C_ASSERT(FIELD_OFFSET(Named, VariableData) == 8);
      static const GUID inner = InnerGuid;
      NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
        UNREFERENCED_PARAMETER(driver);
        UNREFERENCED_PARAMETER(path);
        return Outer_GUID.Data2 == inner.Data2 ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
      }

      """)
    #expect(try work.build([work.directory + "/p"]).warnings == "")
    try work.write("p/a.mof", "")
    #expect(work.failure([work.directory + "/p"])?.code == .compilationFailed)
  }
}
