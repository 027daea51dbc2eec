import Foundation
import Testing

/// `ring3 verify`: sites that only a failure leads to, and how runs of many sites are kept short.
extension CommandLineTests {
  private static let fallback = #"""
    open \\.\Defect
    write "hello"
    close
    """#

  @Test func `verify makes fail what only failures lead to, and names them`() throws {
    try withFolder {
      let (status, sites, summary) = try verify("Fallback.c", Self.fallback, "-DMISSING_CHECK")
      #expect(status == 3 && summary["crashes"] as? Int == 1, "\(sites)")
      #expect(summary["secondSites"] as? Int == 2 && summary["leftOut"] as? Int == 0)
      let third = try #require(sites.last)
      #expect(third["outcome"] as? String == "crash" && third["tag"] as? String == "Thrd")
      let numbers = ["Frst", "Scnd"].map { tag in
        sites.first { $0["tag"] as? String == tag }?["number"] as? Int
      }
      #expect(third["after"] as? [Int] == numbers.compactMap(\.self))
      #expect(sites.filter { $0["after"] != nil }.count == 2)
      let text = try ring3(
        "verify", "-DMISSING_CHECK", "-O0", Self.shortageFolder + "/Fallback.c", "script")
      #expect(
        text.output.contains("ExAllocatePool2 'Thrd' fails, after site"), "\(text.output)")
      #expect(text.output.contains("       After site \(try #require(numbers[1])):\n"))
      #expect(text.output.contains(", and 2 that only failures lead to: "), "\(text.output)")
    }
  }

  @Test func `verify finds nothing in a driver that bears every one of these failures`() throws {
    try withFolder {
      let (status, sites, summary) = try verify("Fallback.c", Self.fallback)
      #expect(status == 0 && summary["clean"] as? Int == sites.count, "\(sites)")
      #expect(summary["secondSites"] as? Int == 2)
    }
  }

  @Test func `a limit of second failures is named when it is reached`() throws {
    try withFolder {
      let (status, sites, summary) = try verify(
        "Fallback.c", Self.fallback, "-DMISSING_CHECK", "--second-failures=0")
      #expect(status == 0 && sites.allSatisfy { $0["after"] == nil })
      #expect(summary["secondSites"] as? Int == 0 && summary["leftOut"] as? Int == 1)
      let notes = try #require(summary["notes"] as? [String])
      #expect(notes.contains { $0.contains("--second-failures was reached: 1 more") })
      #expect(try ring3("verify", "--second-failures=-1", "a.c").status == 2)
    }
  }

  @Test func `among more than a thousand calls each site fails, with a note`() throws {
    try withFolder {
      // The last of the calls uses what it did not get.
      try write(
        "many.c",
        """
        #define DEFECT_WRITE
        #include "\(Self.shortageFolder)/../Defects/defect.h"
        static volatile char seen;
        static void Use(char *p, int always) {
          if (always) seen = *p;
          if (p) ExFreePool(p);
        }
        static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
          volatile int i;
          UNREFERENCED_PARAMETER(Device);
          for (i = 0; i < 1100; i++) Use(ExAllocatePool2(64, 16, 'ynaM'), 0);
          Use(ExAllocatePool2(64, 16, 'tsaL'), 1);
          return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
        }
        """)
      try write("script", Self.fallback)
      let run = try ring3("verify", "many.c", "script")
      #expect(run.status == 3)
      #expect(run.output.contains("ExAllocatePool2 'Last' fails"), "\(run.output)")
      #expect(run.output.contains("plain  4 sites, 1103 calls"))
      #expect(run.output.contains(": 3 clean, 1 crashed, 0 leaked, 0 hung"))
      #expect(run.output.contains("note   more than 1000 calls: "))
    }
  }
}
