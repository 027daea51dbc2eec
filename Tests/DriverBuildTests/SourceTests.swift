import Foundation
import Testing

@testable import DriverBuild

@Suite struct SourceTests {
  let work: Workspace
  init() throws { work = try Workspace() }

  @Test func `finds headers whatever their case and slashes`() throws {
    try work.write("Inc/Deep/PUBLIC.H", "#define A 1\n#include \"Other.h\"\n")
    try work.write("Inc/Deep/other.h", "#define B 2\n")
    try work.write("sys/Local.h", "#define C 3\n")
    let source = try work.write(
      "sys/a.c",
      prelude + """
        #include "..\\inc\\deep\\public.h"
        #include "LOCAL.H"
        _Static_assert(A + B + C == 6, "");

        """ + entry)
    #expect(try work.build([source]).warnings == "")
  }

  @Test func `a directory stands for all sources in it`() throws {
    try work.write(
      "d/a.c", prelude + "int f(void); NTSTATUS DriverEntry(void *a, void *b) { return f(); }\n")
    try work.write("d/f.c", "int f(void) { return 3; }\n")
    try work.write("d/readme.txt", "")
    _ = try work.build([work.directory + "/d"])
  }

  @Test func `a library that the driver's project links is built with it`() throws {
    try work.write(
      "p/sys/p.vcxproj",
      """
      <Project><PropertyGroup><ConfigurationType>Driver</ConfigurationType></PropertyGroup>
      <ItemDefinitionGroup><Link>
        <AdditionalDependencies>$(DDK_LIB_PATH)wdmsec.lib;.\\..\\Parts\\$(IntDir)\\part.lib</AdditionalDependencies>
      </Link></ItemDefinitionGroup>
      <ItemGroup><ClCompile Include="main.c" /></ItemGroup></Project>
      """)
    try work.write(
      "p/parts/part.vcxproj",
      """
      <Project><PropertyGroup><ConfigurationType>StaticLibrary</ConfigurationType></PropertyGroup>
      <ItemGroup><ClCompile Include="part.c" /></ItemGroup></Project>
      """)
    try work.write("p/parts/part.c", "int part(void) { return 3; }\n")
    try work.write(
      "p/sys/main.c",
      prelude + "int part(void); NTSTATUS DriverEntry(void *a, void *b) { return part(); }\n")
    _ = try work.build([work.directory + "/p/sys"])
  }

  @Test func `a directory with a project is built as the project says`() throws {
    try work.write(
      "p/sys/p.vcxproj",
      """
      <?xml version="1.0"?>
      <Project><PropertyGroup><ConfigurationType>Driver</ConfigurationType></PropertyGroup>
      <ItemDefinitionGroup Condition="'$(Configuration)|$(Platform)'=='Release|x64'"><ClCompile>
        <PreprocessorDefinitions>%(PreprocessorDefinitions);ONE=1;/wd4996</PreprocessorDefinitions>
        <AdditionalIncludeDirectories>..\\INC;$(DDK_INC_PATH)</AdditionalIncludeDirectories>
      </ClCompile></ItemDefinitionGroup>
      <ItemDefinitionGroup Condition="'$(Configuration)|$(Platform)'=='Debug|x64'"><ClCompile>
        <PreprocessorDefinitions>ONE=2</PreprocessorDefinitions>
      </ClCompile></ItemDefinitionGroup>
      <!-- <ItemGroup><ClCompile Include="gone.c" /></ItemGroup> -->
      <ItemGroup><ClCompile Include="Main.c" /><ResourceCompile Include="p.rc" />
        <ClCompile Include="user.c"><ExcludedFromBuild>true</ExcludedFromBuild></ClCompile>
      </ItemGroup></Project>
      """)
    try work.write("p/sys/p.rc", "")
    try work.write("p/sys/user.c", "#error not this\n")
    try work.write("p/inc/two.h", "#define TWO 2\n")
    try work.write(
      "p/sys/main.c",
      prelude + "#include <two.h>\n_Static_assert(ONE == 1 && TWO == 2, \"\");\n" + entry)
    let driver = try work.build([work.directory + "/p/sys"])
    #expect(driver.notes.count == 1)
    #expect(driver.notes.first?.contains("p.rc: left out") == true)
  }

  @Test func `the include path of a project counts, too`() throws {
    try work.write(
      "p/sys/p.vcxproj",
      """
      <Project><PropertyGroup><ConfigurationType>Driver</ConfigurationType>
      <IncludePath>..\\Common;$(ProjectDir)own;$(IncludePath)</IncludePath></PropertyGroup>
      <ItemGroup><ClCompile Include="main.c" /></ItemGroup></Project>
      """)
    try work.write("p/common/one.h", "#define ONE 1\n")
    try work.write("p/sys/own/two.h", "#define TWO 2\n")
    try work.write(
      "p/sys/main.c",
      prelude + "#include <one.h>\n#include <two.h>\n_Static_assert(ONE + TWO == 3, \"\");\n"
        + entry)
    _ = try work.build([work.directory + "/p/sys"])
  }

  @Test func `a project that lists a file in vain is an error`() throws {
    let project = try work.write(
      "p.vcxproj", "<Project><ItemGroup><ClCompile Include=\"gone.c\"/></ItemGroup></Project>")
    #expect(work.failure([project])?.message.contains("gone.c: the project lists it") == true)
  }

  @Test func `links object files and imports from definition files`() throws {
    let object = work.directory + "/f.obj"
    let text = try work.write("f.c", "int f(void) { return 3; }\n")
    let clang = try Toolchain.find().clang
    let compiled = try ToolProcess(
      clang, ["--target=x86_64-pc-windows-msvc", "-c", text, "-o", object],
      outputPath: work.directory + "/log")
    #expect(compiled.wait().isSuccess)
    let definition = try work.write("other.def", "LIBRARY other.sys\nEXPORTS\nfrob\n")
    let source = try work.write(
      "a.c",
      prelude + "int f(void); __declspec(dllimport) int frob(void);\n"
        + "NTSTATUS DriverEntry(void *a, void *b) { return f() + frob(); }\n")
    let driver = try work.build([source, object]) { $0.importDefinitions = [definition] }
    #expect(try work.dump(["-p"], driver.path).contains("DLL Name: other.sys"))
  }

  @Test func `embeds every header, list and support source`() throws {
    let root = parent(of: parent(of: parent(of: #filePath))) + "/Sources/"
    let folders = [
      "../CDriverKit/include", "../CRing3Exports/lists", "framework", "support",
    ]
    let wanted = folders.flatMap { folder in
      HeaderOverlay.tree(root + "CDriverFiles/" + folder)
    }.filter {
      ["h", "inc", "c"].contains(lowercaseExtension($0))
    }
    let embedded = DriverKit.files.map(\.path).filter { !$0.hasPrefix("Samples/") }
    for path in wanted {
      #expect(
        embedded.contains { path.hasSuffix("/" + $0) },
        "\(path): run Tools/list-driver-files")
    }
    #expect(wanted.count == embedded.count)
  }
}
