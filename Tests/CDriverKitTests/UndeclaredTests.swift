import Foundation
import Testing

/// What drivers of file systems and filters write as they do for Windows' own headers.
@Suite struct UndeclaredTests {
  /// What the compiler says about a source that comes behind `<ntifs.h>`.
  private func complaints(_ text: String, including header: String = "ntifs.h", _ language: String)
    throws -> String
  {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("#include <\(header)>\n\(text)\n".utf8).write(to: file)
    return Clang.complaints(
      about: file, language: language, standard: language == "c" ? "c17" : "c++17")
  }

  @Test(arguments: ["c", "c++"])
  func `behind ntifs.h a PETHREAD is a PKTHREAD, and a PEPROCESS a PKPROCESS`(language: String)
    throws
  {
    let text = """
      struct _KTHREAD *Thread(PETHREAD thread);
      struct _KTHREAD *Thread(PETHREAD thread) {
        KAPC_STATE state;
        PKTHREAD found;
        if (NT_SUCCESS(PsLookupThreadByThreadId(PsGetCurrentThreadId(), &found))) return found;
        KeSetPriorityThread(thread, 10);
        KeStackAttachProcess(IoThreadToProcess(thread), &state);
        KeUnstackDetachProcess(&state);
        return PsGetCurrentThread();
      }
      """
    #expect(try complaints(text, language) == "")
  }

  @Test(arguments: ["c", "c++"])
  func `without ntifs.h a PETHREAD is no PKTHREAD`(language: String) throws {
    let text = """
      struct _ETHREAD *Thread(PETHREAD thread, PEPROCESS process, struct _EPROCESS **result);
      struct _ETHREAD *Thread(PETHREAD thread, PEPROCESS process, struct _EPROCESS **result) {
        *result = process;
        return thread;
      }
      """
    #expect(try complaints(text, including: "ntddk.h", language) == "")
    let cast = "PKTHREAD Cast(PETHREAD t); PKTHREAD Cast(PETHREAD t) { return t; }"
    #expect(try complaints(cast, including: "ntddk.h", language).contains("_ETHREAD"))
  }

  @Test(
    arguments: [
      "NTKERNELAPI UCHAR *PsGetProcessImageFileName(PEPROCESS Process);",
      "NTKERNELAPI PCHAR NTAPI PsGetProcessImageFileName(PEPROCESS Process);",
      "typedef struct _PEB *PPEB; NTKERNELAPI PPEB PsGetProcessPeb(PEPROCESS Process);",
      "NTKERNELAPI PULONG PsGetProcessWow64Process(PEPROCESS Process);",
      """
      typedef enum _SYSTEM_INFORMATION_CLASS { SystemProcessInformation = 5 } SYSTEM_INFORMATION_CLASS;
      NTSTATUS ZwQuerySystemInformation(SYSTEM_INFORMATION_CLASS, PVOID, ULONG, PULONG);
      """,
      """
      typedef enum _KAPC_ENVIRONMENT { OriginalApcEnvironment } KAPC_ENVIRONMENT;
      typedef VOID (NTAPI *PKNORMAL_ROUTINE)(PVOID, PVOID, PVOID);
      NTKERNELAPI VOID KeInitializeApc(
          PRKAPC, PETHREAD, KAPC_ENVIRONMENT, PKKERNEL_ROUTINE, PKRUNDOWN_ROUTINE,
          PKNORMAL_ROUTINE, KPROCESSOR_MODE, PVOID);
      NTKERNELAPI BOOLEAN KeInsertQueueApc(PKAPC, PVOID, PVOID, KPRIORITY);
      """,
    ], ["c", "c++"])
  func `what Windows' headers do not declare a driver declares as it likes`(
    text: String, language: String
  ) throws {
    let whole = language == "c" ? text : "extern \"C\" {\n\(text)\n}"
    #expect(try complaints(whole, language) == "")
  }

  @Test func `a driver that calls such a function without declaring it is told`() throws {
    let text =
      "void *Name(PEPROCESS p); void *Name(PEPROCESS p) { return PsGetProcessImageFileName(p); }"
    #expect(try complaints(text, "c").contains("PsGetProcessImageFileName"))
  }

  @Test(arguments: ["ntddk.h", "ntddk.h>\n#include <tchar.h", "tchar.h>\n#include <ntddk.h"])
  func `TCHAR and its pointers are wide`(headers: String) throws {
    let text = """
      PTSTR Skip(LPCTSTR text, PTCHAR first);
      PTSTR Skip(LPCTSTR text, PTCHAR first) {
        static TCHAR name[] = TEXT("name");
        WCHAR *wide = name;
        *first = *text;
        return wide;
      }
      """
    for language in ["c", "c++"] {
      #expect(try complaints(text, including: headers, language) == "")
    }
  }
}
