// What the class library of the tests offers to its clients.
#pragma once

#define CLASS_NAME L"wdf-class-library"

typedef LONG(NTAPI *CLASS_ADD)(PWDF_DRIVER_GLOBALS Globals, LONG First, LONG Second);
enum { ClassAdd, ClassClients, ClassFunctionCount };
