// The control codes of the echo driver.
#pragma once

#define ECHO_DEVICE_TYPE 0x8000

// METHOD_BUFFERED: the output is the input with its bytes in reverse order.
#define IOCTL_ECHO_REVERSE \
  CTL_CODE(ECHO_DEVICE_TYPE, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
// METHOD_IN_DIRECT: keeps the bytes of the second buffer, as a write does; gives their number.
#define IOCTL_ECHO_STORE \
  CTL_CODE(ECHO_DEVICE_TYPE, 0x801, METHOD_IN_DIRECT, FILE_WRITE_DATA)
// METHOD_OUT_DIRECT: fills the second buffer with what was kept, as a read does.
#define IOCTL_ECHO_FETCH \
  CTL_CODE(ECHO_DEVICE_TYPE, 0x802, METHOD_OUT_DIRECT, FILE_READ_DATA)
// METHOD_NEITHER: copies input to output between the two user addresses.
#define IOCTL_ECHO_COPY \
  CTL_CODE(ECHO_DEVICE_TYPE, 0x803, METHOD_NEITHER, FILE_ANY_ACCESS)
// METHOD_BUFFERED: writes to address 0; shows how a crash is reported.
#define IOCTL_ECHO_CRASH \
  CTL_CODE(ECHO_DEVICE_TYPE, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)
