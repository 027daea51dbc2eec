import CDriverKit
import Glibc
import Machine

/// What the generic rights mean for files: the same for every machine, in a page that nobody writes.
nonisolated(unsafe) private let fileMapping: UnsafeMutableRawPointer = {
  guard let page = Host.map(pageSize) else { fatalError("The host gave no page for a table.") }
  page.storeBytes(
    of: GENERIC_MAPPING(
      GenericRead: 0x0012_0089, GenericWrite: 0x0012_0116, GenericExecute: 0x0012_00A0,
      GenericAll: 0x001F_01FF), as: GENERIC_MAPPING.self)
  mprotect(page, pageSize, PROT_READ)
  return page
}()

@c(r3_IoGetFileObjectGenericMapping)
func ioGetFileObjectGenericMapping() -> UnsafeMutableRawPointer { fileMapping }
