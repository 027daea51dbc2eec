// Lists: links between entries, and the lists that need no lock.
#ifndef R3_WDM_API_LISTS_H
#define R3_WDM_API_LISTS_H

#include "interlocked.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Doubly linked

FORCEINLINE void FatalListEntryError(PVOID a, PVOID b, PVOID c) {
  (void)a;
  (void)b;
  (void)c;
  __fastfail(FAST_FAIL_CORRUPT_LIST_ENTRY);
}

FORCEINLINE void RtlpCheckListEntry(PLIST_ENTRY entry) {
  if (entry->Flink->Blink != entry || entry->Blink->Flink != entry) {
    FatalListEntryError(entry->Flink, entry, entry->Blink);
  }
}

FORCEINLINE void InitializeListHead(PLIST_ENTRY head) { head->Flink = head->Blink = head; }

FORCEINLINE BOOLEAN IsListEmpty(const LIST_ENTRY *head) { return head->Flink == head; }

FORCEINLINE BOOLEAN RemoveEntryList(PLIST_ENTRY entry) {
  PLIST_ENTRY next = entry->Flink;
  PLIST_ENTRY previous = entry->Blink;
  if (next->Blink != entry || previous->Flink != entry) {
    FatalListEntryError(previous, entry, next);
  }
  previous->Flink = next;
  next->Blink = previous;
  return next == previous;
}

FORCEINLINE BOOLEAN RemoveEntryListUnsafe(PLIST_ENTRY entry) {
  PLIST_ENTRY next = entry->Flink;
  PLIST_ENTRY previous = entry->Blink;
  previous->Flink = next;
  next->Blink = previous;
  return next == previous;
}

FORCEINLINE PLIST_ENTRY RemoveHeadList(PLIST_ENTRY head) {
  PLIST_ENTRY entry = head->Flink;
  PLIST_ENTRY next = entry->Flink;
  if (entry->Blink != head || next->Blink != entry) FatalListEntryError(head, entry, next);
  head->Flink = next;
  next->Blink = head;
  return entry;
}

FORCEINLINE PLIST_ENTRY RemoveTailList(PLIST_ENTRY head) {
  PLIST_ENTRY entry = head->Blink;
  PLIST_ENTRY previous = entry->Blink;
  if (entry->Flink != head || previous->Flink != entry) {
    FatalListEntryError(previous, entry, head);
  }
  head->Blink = previous;
  previous->Flink = head;
  return entry;
}

FORCEINLINE void InsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry) {
  PLIST_ENTRY next = head->Flink;
  if (next->Blink != head) FatalListEntryError(head, next, next->Blink);
  entry->Flink = next;
  entry->Blink = head;
  next->Blink = entry;
  head->Flink = entry;
}

FORCEINLINE void InsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry) {
  PLIST_ENTRY previous = head->Blink;
  if (previous->Flink != head) FatalListEntryError(previous, head, previous->Flink);
  entry->Flink = head;
  entry->Blink = previous;
  previous->Flink = entry;
  head->Blink = entry;
}

FORCEINLINE void AppendTailList(PLIST_ENTRY head, PLIST_ENTRY other) {
  PLIST_ENTRY end = head->Blink;
  RtlpCheckListEntry(head);
  RtlpCheckListEntry(other);
  head->Blink->Flink = other;
  head->Blink = other->Blink;
  other->Blink->Flink = head;
  other->Blink = end;
}

// MARK: Singly linked

FORCEINLINE PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY head) {
  PSINGLE_LIST_ENTRY first = head->Next;
  if (first != NULL) head->Next = first->Next;
  return first;
}

FORCEINLINE void PushEntryList(PSINGLE_LIST_ENTRY head, PSINGLE_LIST_ENTRY entry) {
  entry->Next = head->Next;
  head->Next = entry;
}

// MARK: Sequenced lists

NTKERNELAPI void NTAPI InitializeSListHead(PSLIST_HEADER head);
NTKERNELAPI PSLIST_ENTRY NTAPI ExpInterlockedPopEntrySList(PSLIST_HEADER head);
NTKERNELAPI PSLIST_ENTRY NTAPI ExpInterlockedPushEntrySList(PSLIST_HEADER head,
                                                            PSLIST_ENTRY entry);
NTKERNELAPI PSLIST_ENTRY NTAPI ExpInterlockedFlushSList(PSLIST_HEADER head);
NTKERNELAPI USHORT NTAPI ExQueryDepthSList(PSLIST_HEADER head);

#define ExInitializeSListHead InitializeSListHead
#define InterlockedPopEntrySList(Head) ExpInterlockedPopEntrySList(Head)
#define InterlockedPushEntrySList(Head, Entry) ExpInterlockedPushEntrySList((Head), (Entry))
#define InterlockedFlushSList(Head) ExpInterlockedFlushSList(Head)
#define ExInterlockedPopEntrySList(Head, Lock) ExpInterlockedPopEntrySList(Head)
#define ExInterlockedPushEntrySList(Head, Entry, Lock) ExpInterlockedPushEntrySList((Head), (Entry))
#define ExInterlockedFlushSList(Head) ExpInterlockedFlushSList(Head)
#define QueryDepthSList(Head) ExQueryDepthSList(Head)

FORCEINLINE PSLIST_ENTRY FirstEntrySList(const SLIST_HEADER *head) {
  return (PSLIST_ENTRY)(ULONG_PTR)(head->HeaderX64.NextEntry << 4);
}

// MARK: With a spin lock

NTKERNELAPI PLIST_ENTRY NTAPI ExInterlockedInsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry,
                                                          PKSPIN_LOCK lock);
NTKERNELAPI PLIST_ENTRY NTAPI ExInterlockedInsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry,
                                                          PKSPIN_LOCK lock);
NTKERNELAPI PLIST_ENTRY NTAPI ExInterlockedRemoveHeadList(PLIST_ENTRY head, PKSPIN_LOCK lock);
NTKERNELAPI PSINGLE_LIST_ENTRY NTAPI ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY head,
                                                               PKSPIN_LOCK lock);
NTKERNELAPI PSINGLE_LIST_ENTRY NTAPI ExInterlockedPushEntryList(PSINGLE_LIST_ENTRY head,
                                                                PSINGLE_LIST_ENTRY entry,
                                                                PKSPIN_LOCK lock);
NTKERNELAPI LARGE_INTEGER NTAPI ExInterlockedAddLargeInteger(PLARGE_INTEGER target,
                                                             LARGE_INTEGER value,
                                                             PKSPIN_LOCK lock);
NTKERNELAPI ULONG NTAPI ExInterlockedAddUlong(PULONG target, ULONG value, PKSPIN_LOCK lock);
#define ExInterlockedAddLargeStatistic(Target, Value) \
  _InterlockedExchangeAdd64(&(Target)->QuadPart, (LONG64)(ULONG)(Value))
#define ExInterlockedCompareExchange64(Target, Exchange, Comparand, Lock) \
  _InterlockedCompareExchange64((Target), *(Exchange), *(Comparand))
#define ExInterlockedIncrementLong(Target, Lock) InterlockedIncrement(Target)
#define ExInterlockedDecrementLong(Target, Lock) InterlockedDecrement(Target)
#define ExInterlockedExchangeUlong(Target, Value, Lock) \
  ((ULONG)InterlockedExchange((PLONG)(Target), (LONG)(Value)))

R3_END

#endif
#endif
