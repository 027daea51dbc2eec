// Collections of objects.
#ifndef R3_WDF_API_COLLECTION_H
#define R3_WDF_API_COLLECTION_H

#include "../object.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE NTSTATUS WdfCollectionCreate(PWDF_OBJECT_ATTRIBUTES CollectionAttributes,
                                         WDFCOLLECTION *Collection) {
  return R3_WDF(WdfCollectionCreate, NTSTATUS, PWDF_OBJECT_ATTRIBUTES, WDFCOLLECTION *)
      (WdfDriverGlobals, CollectionAttributes, Collection);
}

FORCEINLINE ULONG WdfCollectionGetCount(WDFCOLLECTION Collection) {
  return R3_WDF(WdfCollectionGetCount, ULONG, WDFCOLLECTION)(WdfDriverGlobals, Collection);
}

FORCEINLINE NTSTATUS WdfCollectionAdd(WDFCOLLECTION Collection, WDFOBJECT Object) {
  return R3_WDF(WdfCollectionAdd, NTSTATUS, WDFCOLLECTION, WDFOBJECT)
      (WdfDriverGlobals, Collection, Object);
}

FORCEINLINE void WdfCollectionRemove(WDFCOLLECTION Collection, WDFOBJECT Item) {
  R3_WDF(WdfCollectionRemove, void, WDFCOLLECTION, WDFOBJECT)(WdfDriverGlobals, Collection, Item);
}

FORCEINLINE void WdfCollectionRemoveItem(WDFCOLLECTION Collection, ULONG Index) {
  R3_WDF(WdfCollectionRemoveItem, void, WDFCOLLECTION, ULONG)(WdfDriverGlobals, Collection, Index);
}

FORCEINLINE WDFOBJECT WdfCollectionGetItem(WDFCOLLECTION Collection, ULONG Index) {
  return R3_WDF(WdfCollectionGetItem, WDFOBJECT, WDFCOLLECTION, ULONG)
      (WdfDriverGlobals, Collection, Index);
}

FORCEINLINE WDFOBJECT WdfCollectionGetFirstItem(WDFCOLLECTION Collection) {
  return R3_WDF(WdfCollectionGetFirstItem, WDFOBJECT, WDFCOLLECTION)(WdfDriverGlobals, Collection);
}

FORCEINLINE WDFOBJECT WdfCollectionGetLastItem(WDFCOLLECTION Collection) {
  return R3_WDF(WdfCollectionGetLastItem, WDFOBJECT, WDFCOLLECTION)(WdfDriverGlobals, Collection);
}

R3_END

#endif
#endif
