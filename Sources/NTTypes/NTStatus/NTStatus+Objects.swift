// Errors of names, objects, connections and access.

extension NTStatus {
  // MARK: Names, objects and connections

  /// The handle or object is of another type.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_TYPE_MISMATCH`.
  public static var objectTypeMismatch: NTStatus { NTStatus(bits: 0xC000_0024) }

  /// The name is malformed.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_NAME_INVALID`.
  public static var objectNameInvalid: NTStatus { NTStatus(bits: 0xC000_0033) }

  /// No object has that name.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_NAME_NOT_FOUND`.
  public static var objectNameNotFound: NTStatus { NTStatus(bits: 0xC000_0034) }

  /// An object of that name exists.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_NAME_COLLISION`.
  public static var objectNameCollision: NTStatus { NTStatus(bits: 0xC000_0035) }

  /// The port was disconnected.
  ///
  /// The corresponding Windows name is `STATUS_PORT_DISCONNECTED`.
  public static var portDisconnected: NTStatus { NTStatus(bits: 0xC000_0037) }

  /// The path goes through something that is no directory.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_PATH_INVALID`.
  public static var objectPathInvalid: NTStatus { NTStatus(bits: 0xC000_0039) }

  /// A directory of the path does not exist.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_PATH_NOT_FOUND`.
  public static var objectPathNotFound: NTStatus { NTStatus(bits: 0xC000_003A) }

  /// The path is malformed.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_PATH_SYNTAX_BAD`.
  public static var objectPathSyntaxBad: NTStatus { NTStatus(bits: 0xC000_003B) }

  /// The handle is not one of a port.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PORT_HANDLE`.
  public static var invalidPortHandle: NTStatus { NTStatus(bits: 0xC000_0042) }

  /// All instances are in use.
  ///
  /// The corresponding Windows name is `STATUS_INSTANCE_NOT_AVAILABLE`.
  public static var instanceNotAvailable: NTStatus { NTStatus(bits: 0xC000_00AB) }

  /// No instance of the pipe is free.
  ///
  /// The corresponding Windows name is `STATUS_PIPE_NOT_AVAILABLE`.
  public static var pipeNotAvailable: NTStatus { NTStatus(bits: 0xC000_00AC) }

  /// The network failed in an unexpected way.
  ///
  /// The corresponding Windows name is `STATUS_UNEXPECTED_NETWORK_ERROR`.
  public static var unexpectedNetworkError: NTStatus { NTStatus(bits: 0xC000_00C4) }

  /// The security descriptor has the wrong format.
  ///
  /// The corresponding Windows name is `STATUS_BAD_DESCRIPTOR_FORMAT`.
  public static var badDescriptorFormat: NTStatus { NTStatus(bits: 0xC000_00E7) }

  /// This end closed the connection.
  ///
  /// The corresponding Windows name is `STATUS_LOCAL_DISCONNECT`.
  public static var localDisconnect: NTStatus { NTStatus(bits: 0xC000_013B) }

  /// The other end closed the connection.
  ///
  /// The corresponding Windows name is `STATUS_REMOTE_DISCONNECT`.
  public static var remoteDisconnect: NTStatus { NTStatus(bits: 0xC000_013C) }

  /// The object identifier exists already.
  ///
  /// The corresponding Windows name is `STATUS_OBJECTID_EXISTS`.
  public static var objectidExists: NTStatus { NTStatus(bits: 0xC000_022B) }

  // MARK: Access

  /// The caller may not do that.
  ///
  /// The corresponding Windows name is `STATUS_ACCESS_DENIED`.
  public static var accessDenied: NTStatus { NTStatus(bits: 0xC000_0022) }

  /// The revision is not one that is known.
  ///
  /// The corresponding Windows name is `STATUS_REVISION_MISMATCH`.
  public static var revisionMismatch: NTStatus { NTStatus(bits: 0xC000_0059) }

  /// There is no such privilege.
  ///
  /// The corresponding Windows name is `STATUS_NO_SUCH_PRIVILEGE`.
  public static var noSuchPrivilege: NTStatus { NTStatus(bits: 0xC000_0060) }

  /// The caller lacks a privilege.
  ///
  /// The corresponding Windows name is `STATUS_PRIVILEGE_NOT_HELD`.
  public static var privilegeNotHeld: NTStatus { NTStatus(bits: 0xC000_0061) }

  /// The access list is malformed.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_ACL`.
  public static var invalidAcl: NTStatus { NTStatus(bits: 0xC000_0077) }

  /// The security identifier is malformed.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_SID`.
  public static var invalidSid: NTStatus { NTStatus(bits: 0xC000_0078) }

  /// The security descriptor is malformed.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_SECURITY_DESCR`.
  public static var invalidSecurityDescr: NTStatus { NTStatus(bits: 0xC000_0079) }
}
