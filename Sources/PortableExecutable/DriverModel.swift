/// The kind of driver that an image is, guessed from the modules that it imports from.
public enum DriverModel: String, Hashable, Sendable, CaseIterable {
  case kmdf = "KMDF"
  case netAdapter = "NetAdapterCx"
  case minifilter = "file system minifilter"
  case ndis = "NDIS"
  case storport = "Storport miniport"
  case scsiPort = "SCSI port miniport"
  case audioPort = "audio port class"
  case kernelStreaming = "kernel streaming"
  case hid = "HID minidriver"
  case display = "display miniport"
  case wdm = "WDM"
}

extension DriverModel: CustomStringConvertible {
  /// The name of the model.
  public var description: String { rawValue }
}

extension Image {
  /// The kind of driver that this is.
  public var driverModel: DriverModel {
    let modules = Set(imports.map { $0.name.lowercased() })
    let signs: [(String, DriverModel)] = [
      ("netadaptercx.sys", .netAdapter), ("fltmgr.sys", .minifilter), ("ndis.sys", .ndis),
      ("storport.sys", .storport), ("scsiport.sys", .scsiPort), ("portcls.sys", .audioPort),
      ("ks.sys", .kernelStreaming), ("hidclass.sys", .hid), ("displib.sys", .display),
      ("videoprt.sys", .display), ("wdfldr.sys", .kmdf),
    ]
    return signs.first { modules.contains($0.0) }?.1 ?? .wdm
  }
}
