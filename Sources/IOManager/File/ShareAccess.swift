import CDriverKit
import CRing3
import Machine

// Who may have a file open beside whom; drivers keep the counts.

/// Records in the file what it reads, writes and deletes, and lets others do.
private func record(_ file: FilePointer, _ access: UInt32, _ share: UInt32) {
  file.pointee.ReadAccess = access & UInt32(FILE_READ_DATA | FILE_EXECUTE) != 0 ? 1 : 0
  file.pointee.WriteAccess = access & UInt32(FILE_WRITE_DATA | FILE_APPEND_DATA) != 0 ? 1 : 0
  file.pointee.DeleteAccess = access & UInt32(DELETE) != 0 ? 1 : 0
  guard isCounted(file) else { return }
  file.pointee.SharedRead = share & UInt32(FILE_SHARE_READ) != 0 ? 1 : 0
  file.pointee.SharedWrite = share & UInt32(FILE_SHARE_WRITE) != 0 ? 1 : 0
  file.pointee.SharedDelete = share & UInt32(FILE_SHARE_DELETE) != 0 ? 1 : 0
}

/// Whether an open is counted: one that neither reads, writes nor deletes is not.
private func isCounted(_ file: FilePointer) -> Bool {
  file.pointee.ReadAccess | file.pointee.WriteAccess | file.pointee.DeleteAccess != 0
}

private func add(_ file: FilePointer, to shares: UnsafeMutablePointer<SHARE_ACCESS>, _ sign: UInt32)
{
  shares.pointee.OpenCount &+= sign
  shares.pointee.Readers &+= sign &* UInt32(file.pointee.ReadAccess)
  shares.pointee.Writers &+= sign &* UInt32(file.pointee.WriteAccess)
  shares.pointee.Deleters &+= sign &* UInt32(file.pointee.DeleteAccess)
  shares.pointee.SharedRead &+= sign &* UInt32(file.pointee.SharedRead)
  shares.pointee.SharedWrite &+= sign &* UInt32(file.pointee.SharedWrite)
  shares.pointee.SharedDelete &+= sign &* UInt32(file.pointee.SharedDelete)
}

@c(r3_IoCheckShareAccess)
func ioCheckShareAccess(
  _ access: UInt32, _ share: UInt32, _ file: FilePointer,
  _ shares: UnsafeMutablePointer<SHARE_ACCESS>, _ update: UInt32
) -> Int32 {
  record(file, access, share)
  guard isCounted(file) else { return IOStatus.success }
  let count = shares.pointee.OpenCount
  let isConflict =
    (file.pointee.ReadAccess != 0 && shares.pointee.SharedRead < count)
    || (file.pointee.WriteAccess != 0 && shares.pointee.SharedWrite < count)
    || (file.pointee.DeleteAccess != 0 && shares.pointee.SharedDelete < count)
    || (shares.pointee.Readers != 0 && file.pointee.SharedRead == 0)
    || (shares.pointee.Writers != 0 && file.pointee.SharedWrite == 0)
    || (shares.pointee.Deleters != 0 && file.pointee.SharedDelete == 0)
  if isConflict { return IOStatus.sharingViolation }
  if update & 0xFF != 0 { add(file, to: shares, 1) }
  return IOStatus.success
}

@c(r3_IoSetShareAccess)
func ioSetShareAccess(
  _ access: UInt32, _ share: UInt32, _ file: FilePointer,
  _ shares: UnsafeMutablePointer<SHARE_ACCESS>
) {
  record(file, access, share)
  shares.pointee = SHARE_ACCESS()
  if isCounted(file) { add(file, to: shares, 1) }
}

@c(r3_IoUpdateShareAccess)
func ioUpdateShareAccess(_ file: FilePointer, _ shares: UnsafeMutablePointer<SHARE_ACCESS>) {
  if isCounted(file) { add(file, to: shares, 1) }
}

@c(r3_IoRemoveShareAccess)
func ioRemoveShareAccess(_ file: FilePointer, _ shares: UnsafeMutablePointer<SHARE_ACCESS>) {
  if isCounted(file) { add(file, to: shares, .max) }
}
