import Foundation
import Reports
import Testing

/// `ring3 verify`: what it finds in drivers that cannot do without memory, and in those that can.
extension CommandLineTests {
  static let shortageFolder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Drivers/LowResources")
    .path(percentEncoded: false)

  private static let echoFolder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Samples/Echo")
    .path(percentEncoded: false)

  private static let shortage = #"""
    open \\.\Shortage
    read 16
    write hex:01020304
    ioctl 0x222003 in fill:61:5000
    close
    """#

  private static let wdfShortage = #"""
    open \\.\WdfShortage
    read 16
    write hex:01020304
    close
    """#

  /// The objects of one run of `ring3 verify --json`, and how it ended.
  func verify(_ name: String, _ script: String, _ options: String...) throws
    -> (status: Int32, sites: [[String: Any]], summary: [String: Any])
  {
    try write("script", script)
    let run = try ring3(
      ["verify", "--json"] + options + [Self.shortageFolder + "/" + name, "script"])
    let objects = try run.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    try #require(!objects.isEmpty, "\(run.errors)")
    return (
      run.status, objects.filter { $0["op"] as? String == "site" },
      try #require(objects.last { $0["op"] as? String == "summary" })
    )
  }

  @Test(
    "verify finds nothing in drivers that bear it to be refused memory",
    arguments: [("shortage.c", shortage), ("wdf-shortage.c", wdfShortage)])
  func rightDriver(name: String, script: String) throws {
    try withFolder {
      let (status, sites, summary) = try verify(name, script)
      #expect(status == 0, "\(sites.filter { $0["outcome"] as? String != "clean" })")
      #expect(summary["clean"] as? Int == sites.count && sites.count >= 9)
    }
  }

  @Test(
    "verify names the site whose failure a driver does not survive",
    arguments: [
      ("shortage.c", shortage, "ExAllocatePool2", "UseCopy"),
      ("wdf-shortage.c", wdfShortage, "WdfMemoryCreate", "Fill"),
    ])
  func crash(name: String, script: String, routine: String, function: String) throws {
    try withFolder {
      let (status, sites, summary) = try verify(name, script, "-DMISSING_CHECK", "-O0")
      #expect(status == 3 && summary["crashes"] as? Int == 1)
      let site = try #require(sites.first { $0["outcome"] as? String == "crash" })
      #expect(site["routine"] as? String == routine)
      let stack = try #require(site["stack"] as? [String])
      #expect(stack.first?.contains(function) == true && stack[0].contains("shortage.c:"))
      #expect((site["message"] as? String)?.contains("*** STOP: 0x") == true)
    }
  }

  @Test(
    "verify names the site whose failure makes a driver forget memory",
    arguments: [
      ("shortage.c", shortage, "IoAllocateMdl", "ShrT"),
      ("wdf-shortage.c", wdfShortage, "WdfCollectionCreate", "ShrW"),
    ])
  func leak(name: String, script: String, routine: String, tag: String) throws {
    try withFolder {
      let (status, sites, summary) = try verify(name, script, "-DLEAK")
      #expect(status == 3 && summary["leaks"] as? Int == 1)
      let site = try #require(sites.first { $0["outcome"] as? String == "leak" })
      #expect(site["routine"] as? String == routine)
      let left = try #require(site["left"] as? [String])
      #expect(left.contains { $0.lowercased().contains("'\(tag.lowercased())'") }, "\(left)")
    }
  }

  @Test(
    "verify names the site whose failure makes a driver wait or forget a request",
    arguments: [
      ("shortage.c", shortage, "IoAllocateWorkItem"),
      ("wdf-shortage.c", wdfShortage, "WdfTimerCreate"),
    ])
  func hang(name: String, script: String, routine: String) throws {
    try withFolder {
      let (status, sites, summary) = try verify(name, script, "-DHANG", "--timeout", "5")
      #expect(status == 3 && summary["hangs"] as? Int == 1)
      let site = try #require(sites.first { $0["outcome"] as? String == "hang" })
      #expect(site["routine"] as? String == routine)
    }
  }

  @Test("verify writes a report in which each run is an action")
  func reportOfRuns() throws {
    try withFolder {
      try write("script", Self.shortage)
      let run = try ring3(
        "verify", "-DMISSING_CHECK", "-O0", "--report", "runs.json", "--report", "runs.xml",
        "--report", "runs.sarif", "--report", "runs.html", Self.shortageFolder + "/shortage.c",
        "script")
      #expect(run.status == 3, "\(run.errors)")
      let report = try RunReport(
        json: Data(contentsOf: folder.appending(path: "runs.json")))
      #expect(report.actions.count >= 10 && report.actions[0].text == "without any failure")
      let verdict = try #require(report.verdicts.first)
      #expect(report.verdicts.count == 1 && verdict.endsRun)
      let action = report.actions[try #require(verdict.action)]
      #expect(action.text.contains("ExAllocatePool2"), "\(action.text)")
      #expect(verdict.causes.contains { $0.event == "refused" && !$0.frames.isEmpty })
      for (name, word) in [
        ("runs.xml", "ExAllocatePool2"), ("runs.sarif", "refused"),
        ("runs.html", "ExAllocatePool2"),
      ] {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        #expect(text.contains(word), "\(name)")
      }
    }
  }

  @Test("A run that does not end, and what is left without a bug check, are verdicts by name")
  func namesOfFindings() throws {
    try withFolder {
      try write("script", Self.shortage)
      let hang = try ring3(
        "verify", "-DHANG", "--timeout", "5", "--report", "hang.json", "--report", "hang.sarif",
        "--report", "hang.xml", Self.shortageFolder + "/shortage.c", "script")
      #expect(hang.status == 3, "\(hang.errors)")
      let report = try RunReport(json: Data(contentsOf: folder.appending(path: "hang.json")))
      let verdict = try #require(report.verdicts.first)
      #expect(report.verdicts.count == 1 && verdict.rule == "RunNotEnded" && verdict.endsRun)
      #expect(verdict.remedy != nil && verdict.detail?.contains("did not end at") == true)
      for name in ["hang.sarif", "hang.xml"] {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        #expect(text.contains("RunNotEnded") && !text.contains("Unnamed"), "\(name)")
      }
      try write(
        "kept.c",
        """
        #include <ntddk.h>
        static UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\\\DosDevices\\\\Kept");
        static VOID Unload(PDRIVER_OBJECT Driver) {
          IoDeleteSymbolicLink(&link);
          IoDeleteDevice(Driver->DeviceObject);
        }
        NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
          UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\\\Device\\\\Kept");
          PDEVICE_OBJECT device;
          UNREFERENCED_PARAMETER(Path);
          Driver->DriverUnload = Unload;
          NTSTATUS status =
              IoCreateDevice(Driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
          return NT_SUCCESS(status) ? IoCreateSymbolicLink(&link, &name) : status;
        }
        """)
      let leak = try ring3("verify", "--report", "leak.json", "kept.c")
      #expect(leak.status == 3, "\(leak.output)")
      let kept = try RunReport(json: Data(contentsOf: folder.appending(path: "leak.json")))
      #expect(kept.verdicts.first?.rule == "ObjectLeft")
      #expect(kept.verdicts.first?.detail?.contains("objects of the type Device") == true)
    }
  }

  @Test("run refuses what --fail says, and says what cannot be said")
  func planOfRun() throws {
    try withFolder {
      try write("script", Self.shortage)
      let driver = Self.shortageFolder + "/shortage.c"
      let refused = try ring3("run", "--fail", "nth:1", driver, "script")
      #expect(refused.status == 2, "\(refused.output)")
      #expect(refused.errors.contains("INSUFFICIENT_RESOURCES"), "\(refused.errors)")
      let other = try ring3("run", "--fail", "100%:7", "--fail-tag", "none", driver, "script")
      #expect(other.status == 0, "\(other.errors)")
      for word in ["nth:0", "6", "0%", "site", "6%:x"] {
        let run = try ring3("run", "--fail", word, driver)
        #expect(run.status == 2 && run.errors.contains("'\(word)' says not what fails"))
      }
      let lonely = try ring3("run", "--fail-tag", "Echo", driver)
      #expect(lonely.status == 2 && lonely.errors.contains("--fail-tag needs --fail"))
    }
  }

  @Test("verify prints the finding with its lines, and the counts")
  func text() throws {
    try withFolder {
      let run = try ring3(
        "verify", "-DLEAK", "-O0", "--jobs", "1", Self.shortageFolder + "/shortage.c")
      #expect(run.status == 3)
      #expect(run.output.contains("IoAllocateMdl fails") && run.output.contains("shortage.c:"))
      #expect(run.output.contains(" 1 leaked, 0 hung"), "\(run.output)")
    }
  }

  @Test("verify finds nothing in the samples in C", arguments: ["echo.c", "wdfecho.c"])
  func echoSamples(name: String) throws {
    try withFolder {
      let run = try ring3("verify", Self.echoFolder + "/" + name)
      #expect(run.status == 0, "\(run.output)")
    }
  }

  @Test("verify tells wrong usage and a driver that does not load")
  func wrongUsage() throws {
    try withFolder {
      #expect(try ring3("verify").status == 2)
      #expect(try ring3("verify", "--jobs", "0", "a.c").status == 2)
      try write("refusing.c", "long DriverEntry(void *d, void *p) { return 0xC0000001; }")
      let run = try ring3("verify", "refusing.c")
      #expect(run.status == 2 && run.errors.contains("DriverEntry returned"), "\(run.errors)")
    }
  }
}
