import CDriverKit
import CRing3
import IOManager
import Machine
import Objects

/// What a driver is to do with a request, as WMILIB.SYS says it: `SYSCTL_IRP_DISPOSITION`.
enum WmiDisposition {
  static let processed: UInt32 = 0
  static let notCompleted: UInt32 = 1
  static let notWmi: UInt32 = 2
  static let forward: UInt32 = 3
}

private let guidNotFound = Int32(bitPattern: 0xC000_0295)
private let instanceNotFound = Int32(bitPattern: 0xC000_0296)

/// One request of IRP_MJ_SYSTEM_CONTROL, as the library WMILIB.SYS takes it apart for a driver.
struct WmiCall {
  let library: UnsafeMutablePointer<WMILIB_CONTEXT>
  let device: DevicePointer
  let irp: IRPPointer
  let minor: Int32
  let buffer: UnsafeMutableRawPointer
  let size: Int
  let path: UnsafeMutableRawPointer?

  /// Number of the block that the request names; nil when the driver has none of that name.
  var guidIndex: Int? {
    guard let path, let list = library.pointee.GuidList else { return nil }
    let wanted = path.loadUnaligned(as: GUID.self)
    return (0..<Int(library.pointee.GuidCount)).first { index in
      (list[index].Guid).map { isSame($0.pointee, wanted) } ?? false
    }
  }

  func field(_ offset: Int) -> UInt32 {
    buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  /// Calls the driver's routine for the request.
  ///
  /// - Returns: its status; nil when there is no such routine or the request is none of these.
  func perform(_ index: Int) -> Int32? {
    switch minor {
    case IRP_MN_QUERY_ALL_DATA:
      return queryAll(index)
    case IRP_MN_QUERY_SINGLE_INSTANCE:
      return querySingle(index)
    case IRP_MN_CHANGE_SINGLE_INSTANCE:
      return call(library.pointee.SetWmiDataBlock, index) { routine in
        r3_call6(
          routine, bits(device), bits(irp), UInt64(index), UInt64(field(52)), UInt64(field(60)),
          bits(buffer + Int(field(56))))
      }
    case IRP_MN_CHANGE_SINGLE_ITEM:
      return call(library.pointee.SetWmiDataItem, index) { routine in
        call8(
          routine, UInt64(index), UInt64(field(52)), UInt64(field(56)), UInt64(field(64)),
          bits(buffer + Int(field(60))), 0)
      }
    case IRP_MN_EXECUTE_METHOD:
      return call(library.pointee.ExecuteWmiMethod, index) { routine in
        call8(
          routine, UInt64(index), UInt64(field(52)), UInt64(field(56)), UInt64(field(64)),
          UInt64(max(0, size - Int(field(60)))),
          bits(buffer + Int(field(60))))
      }
    case IRP_MN_ENABLE_EVENTS, IRP_MN_DISABLE_EVENTS:
      return control(index, isData: false)
    case IRP_MN_ENABLE_COLLECTION, IRP_MN_DISABLE_COLLECTION:
      return control(index, isData: true)
    default: return nil
    }
  }

  private func call(
    _ routine: UnsafeMutableRawPointer?, _ index: Int,
    _ body: (UnsafeMutableRawPointer) -> UInt64
  ) -> Int32? {
    routine.map { Int32(truncatingIfNeeded: body($0)) }
  }

  /// Calls a routine with the device, the IRP and six more.
  private func call8(
    _ routine: UnsafeMutableRawPointer, _ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64,
    _ e: UInt64, _ f: UInt64
  ) -> UInt64 {
    let arguments: InlineArray<8, UInt64> = [bits(device), bits(irp), a, b, c, d, e, f]
    return withUnsafeBytes(of: arguments) { bytes in
      r3_callN(routine, bytes.bindMemory(to: UInt64.self).baseAddress.unsafelyUnwrapped, 8)
    }
  }

  private func control(_ index: Int, isData: Bool) -> Int32? {
    let isOn = minor == IRP_MN_ENABLE_EVENTS || minor == IRP_MN_ENABLE_COLLECTION
    return call(library.pointee.WmiFunctionControl, index) { routine in
      r3_call5(
        routine, bits(device), bits(irp), UInt64(index), isData ? 1 : 0, isOn ? 1 : 0)
    }
  }

  private func querySingle(_ index: Int) -> Int32? {
    let offset = Int(field(56))
    return call(library.pointee.QueryWmiDataBlock, index) { routine in
      call8(
        routine, UInt64(index), UInt64(field(52)), 1,
        bits(buffer + 60), UInt64(max(0, size - offset)), bits(buffer + offset))
    }
  }

  /// All instances: their lengths go where their offsets and lengths are to be in the end.
  private func queryAll(_ index: Int) -> Int32? {
    let count = Int(library.pointee.GuidList[index].InstanceCount)
    let offset = (WmiLayout.header + 12 + count * 8 + 7) & ~7
    buffer.storeBytes(of: UInt32(offset), toByteOffset: 48, as: UInt32.self)
    buffer.storeBytes(of: UInt32(count), toByteOffset: 52, as: UInt32.self)
    buffer.storeBytes(of: 0, toByteOffset: 56, as: UInt32.self)
    let hasRoom = offset < size
    return call(library.pointee.QueryWmiDataBlock, index) { routine in
      call8(
        routine, UInt64(index), 0, UInt64(count),
        hasRoom ? bits(buffer + 60) : 0, UInt64(max(0, size - offset)),
        hasRoom ? bits(buffer + offset) : 0)
    }
  }
}

extension PlugAndPlay {
  fileprivate func systemControl(
    _ library: UnsafeMutablePointer<WMILIB_CONTEXT>, _ device: DevicePointer, _ irp: IRPPointer,
    _ disposition: UnsafeMutablePointer<UInt32>
  ) -> Int32 {
    guard let location = irp.pointee.Tail.Overlay.CurrentStackLocation else {
      return PnpStatus.invalidParameter
    }
    let minor = Int32(location.pointee.MinorFunction)
    guard minor <= IRP_MN_EXECUTE_METHOD || minor == IRP_MN_REGINFO_EX else {
      disposition.pointee = WmiDisposition.notWmi
      return irp.pointee.IoStatus.Status
    }
    let parameters = location.pointee.Parameters.WMI
    guard parameters.ProviderId == ULONG_PTR(UInt(bitPattern: device)) else {
      disposition.pointee = WmiDisposition.forward
      return irp.pointee.IoStatus.Status
    }
    disposition.pointee = WmiDisposition.notCompleted
    guard let buffer = parameters.Buffer else { return PnpStatus.invalidParameter }
    let call = WmiCall(
      library: library, device: device, irp: irp, minor: minor, buffer: buffer,
      size: Int(parameters.BufferSize), path: parameters.DataPath)
    if minor == IRP_MN_REGINFO || minor == IRP_MN_REGINFO_EX {
      return end(irp, call.describe())
    }
    guard let index = call.guidIndex else { return end(irp, (guidNotFound, 0)) }
    let isOne =
      minor == IRP_MN_QUERY_SINGLE_INSTANCE || minor == IRP_MN_CHANGE_SINGLE_INSTANCE
      || minor == IRP_MN_CHANGE_SINGLE_ITEM || minor == IRP_MN_EXECUTE_METHOD
    if isOne, call.field(52) >= library.pointee.GuidList[index].InstanceCount {
      return end(irp, (instanceNotFound, 0))
    }
    // The routine completes the request by WmiCompleteRequest.
    disposition.pointee = WmiDisposition.processed
    guard let status = call.perform(index) else {
      disposition.pointee = WmiDisposition.notCompleted
      return end(irp, (PnpStatus.invalidDeviceRequest, 0))
    }
    return status
  }

  /// Puts the answer into a request that its driver completes.
  private func end(_ irp: IRPPointer, _ answer: (status: Int32, count: Int)) -> Int32 {
    irp.pointee.IoStatus.Status = answer.status
    irp.pointee.IoStatus.Information = ULONG_PTR(answer.count)
    return answer.status
  }
}

@c(r3_WmiSystemControl)
func wmiSystemControl(
  _ library: UnsafeMutablePointer<WMILIB_CONTEXT>, _ device: DevicePointer, _ irp: IRPPointer,
  _ disposition: UnsafeMutablePointer<UInt32>
) -> Int32 {
  Machine.current.plugAndPlay.systemControl(library, device, irp, disposition)
}
