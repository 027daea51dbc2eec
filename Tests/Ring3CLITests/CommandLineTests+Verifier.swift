import Foundation
import FoundationXML
import Reports
import Testing

// Classes, verdicts, reports and explanations on the command line.
extension CommandLineTests {
  /// Allocates zero bytes for a write of "zero", and frees twice for one of "free".
  private static let driver = #"""
    #include <ntddk.h>
    static NTSTATUS Done(PIRP Irp, ULONG_PTR Count) {
      Irp->IoStatus.Status = STATUS_SUCCESS;
      Irp->IoStatus.Information = Count;
      IoCompleteRequest(Irp, IO_NO_INCREMENT);
      return STATUS_SUCCESS;
    }
    static NTSTATUS Open(PDEVICE_OBJECT Device, PIRP Irp) {
      UNREFERENCED_PARAMETER(Device);
      return Done(Irp, 0);
    }
    static NTSTATUS Write(PDEVICE_OBJECT Device, PIRP Irp) {
      char *data = Irp->AssociatedIrp.SystemBuffer;
      void *block = NULL;
      UNREFERENCED_PARAMETER(Device);
      if (data[0] == 'z') block = ExAllocatePoolWithTag(NonPagedPoolNx, 0, 'dreV');
      if (data[0] == 'f') block = ExAllocatePoolWithTag(NonPagedPoolNx, 8, 'dreV');
      if (block) ExFreePoolWithTag(block, 'dreV');
      if (data[0] == 'f') ExFreePoolWithTag(block, 'dreV');
      return Done(Irp, 4);
    }
    static VOID Unload(PDRIVER_OBJECT Driver) {
      UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Verdict");
      IoDeleteSymbolicLink(&link);
      IoDeleteDevice(Driver->DeviceObject);
    }
    NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
      UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Verdict");
      UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Verdict");
      PDEVICE_OBJECT device;
      NTSTATUS status = IoCreateDevice(Driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
      UNREFERENCED_PARAMETER(Path);
      if (!NT_SUCCESS(status)) return status;
      device->Flags |= DO_BUFFERED_IO;
      Driver->MajorFunction[IRP_MJ_CREATE] = Open;
      Driver->MajorFunction[IRP_MJ_CLOSE] = Open;
      Driver->MajorFunction[IRP_MJ_WRITE] = Write;
      Driver->DriverUnload = Unload;
      return IoCreateSymbolicLink(&link, &name);
    }
    """#

  private func writeDriver() throws {
    try write("verdict.c", Self.driver)
    try write(
      "zero.txt",
      """
      open \\\\.\\Verdict
      write "good"

      write "zero"
      """)
  }

  @Test(
    "a verdict has rule, remedy, request, line of the script and of the source; the exit status is 3"
  )
  func verdict() throws {
    try withFolder {
      try writeDriver()
      let run = try ring3("run", "verdict.c", "zero.txt", "--verify")
      #expect(run.status == 3)
      let lines = run.output.split(separator: "\n").map(String.init)
      #expect(lines.contains { $0.hasPrefix("*** STOP: 0x000000C4 (0x0000000000000000, ") })
      #expect(lines.contains("Rule: PoolZeroBytes"))
      #expect(lines.contains { $0.hasPrefix("Remedy: ") })
      #expect(lines.contains("Request: IRP_MJ_WRITE of 4 bytes at 0"))
      #expect(lines.contains("Script: line 4"))
      #expect(lines.contains { $0.hasPrefix("  0x") && $0.contains("(verdict.c:16)") })
      #expect(
        lines.contains("More: ring3 explain PoolZeroBytes, or the page Rule-PoolZeroBytes"))
    }
  }

  @Test("only the classes that are named are checked; without any, nothing is")
  func classes() throws {
    try withFolder {
      try writeDriver()
      #expect(try ring3("run", "verdict.c", "zero.txt").status == 0)
      #expect(try ring3("run", "verdict.c", "zero.txt", "--verify=dma,io").status == 0)
      #expect(try ring3("run", "verdict.c", "zero.txt", "--verify=dma,standard").status == 3)
    }
  }

  @Test("a class that there is not is refused with the list", arguments: ["pool", "io,,dma", ""])
  func unknownClass(words: String) throws {
    try withFolder {
      let run = try ring3("run", "verdict.c", "zero.txt", "--verify=" + words)
      #expect(run.status == 2)
      #expect(run.errors.contains("special-pool, force-irql, low-resources"))
    }
  }

  @Test("a bug check without classes names its script line too")
  func unverified() throws {
    try withFolder {
      try writeDriver()
      try write("free.txt", "open \\\\.\\Verdict\nwrite \"free\"\n")
      let run = try ring3("run", "verdict.c", "free.txt", "--json")
      #expect(run.status == 3)
      let last = run.output.split(separator: "\n").last ?? ""
      let object =
        try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any] ?? [:]
      #expect(object["op"] as? String == "bugcheck")
      #expect(object["rule"] as? String == "PoolFreedTwice")
      #expect(object["line"] as? Int == 2)
    }
  }

  @Test("reports are written in the formats that their endings say")
  func reports() throws {
    try withFolder {
      try writeDriver()
      let files = ["a.txt", "a.json", "a.xml", "a.sarif", "a.html"]
      let options = files.flatMap { ["--report", $0] }
      let run = try ring3(["run", "verdict.c", "zero.txt", "--verify"] + options)
      #expect(run.status == 3)
      let data = try files.map { try Data(contentsOf: folder.appending(path: $0)) }
      let report = try RunReport(json: data[1])
      #expect(report.verdicts.map(\.rule) == ["PoolZeroBytes"])
      #expect(report.verdicts.first?.endsRun == true)
      #expect(report.actions.last?.text == "write \"zero\"" && report.actions.last?.line == 4)
      #expect(report.requests.count == 2)
      #expect(report.classes.contains("pool-tracking"))
      #expect(try XMLDocument(data: data[2]).nodes(forXPath: "//failure").count == 1)
      let log = try JSONSerialization.jsonObject(with: data[3]) as? [String: Any]
      #expect(log?["version"] as? String == "2.1.0")
      #expect(String(decoding: data[3], as: UTF8.self).contains(#""uri" : "verdict.c""#))
      #expect(String(decoding: data[4], as: UTF8.self).contains("PoolZeroBytes"))
    }
  }

  @Test("a report tells of a run without a mistake, and of expectations that are not met")
  func quietReports() throws {
    try withFolder {
      try writeDriver()
      try write("good.txt", "open \\\\.\\Verdict\nwrite \"good\"\nexpect information 5\n")
      let run = try ring3(
        "run", "verdict.c", "good.txt", "--verify", "--report", "out", "--report-format", "json")
      #expect(run.status == 1)
      let report = try RunReport(json: Data(contentsOf: folder.appending(path: "out")))
      #expect(report.verdicts.isEmpty && report.leaks.isEmpty)
      #expect(report.actions.count { $0.failure != nil } == 1)
      #expect(report.actions.last?.text == "unload")
    }
  }

  @Test("a report whose ending says nothing is refused before anything runs")
  func unknownEnding() throws {
    try withFolder {
      let run = try ring3("run", "verdict.c", "--report", "a.pdf")
      #expect(run.status == 2 && run.errors.contains("--report-format"))
      let written = try ring3("run", "verdict.c", "--report-format", "json")
      #expect(written.status == 2)
    }
  }

  @Test("explain says what a rule is, by name or code, and lists all")
  func explain() throws {
    try withFolder {
      let one = try ring3("explain", "poolzerobytes")
      #expect(one.status == 0)
      #expect(one.output.hasPrefix("PoolZeroBytes\n\nZero bytes of pool were asked for.\nRemedy: "))
      #expect(one.output.contains("--verify=pool-tracking"))
      #expect(try ring3("explain", "0xC4/0x62").output.hasPrefix("PoolLeft\n"))
      let all = try ring3("explain")
      #expect(all.output.contains("\nRequests\n") && all.output.contains("  DoubleCompletion "))
      let object = try ring3("explain", "PoolLeft", "--json").object
      #expect(object["code"] as? String == "0x000000C4")
      #expect(object["values"] as? [String] == ["0x60", "0x62"])
      let none = try ring3("explain", "Pool")
      #expect(none.status == 2 && none.errors.contains("Did you mean PoolZeroBytes"))
    }
  }

  @Test("a script that leaves its files open unloads a driver that then holds nothing")
  func openFiles() throws {
    try withFolder {
      try writeDriver()
      try write("open.txt", "open \\\\.\\Verdict\nwrite \"good\"\nunload\n")
      #expect(try ring3("run", "verdict.c", "open.txt", "--verify").status == 0)
    }
  }
}
