// The Swift runtime keeps a list of the accesses of a host thread that are open, newest first, whose
// nodes lie in the frames that opened them. Those of abandoned frames must go.
#include "accesses.h"

// `enter` with an empty state gives the list, `exit` makes the rest of it, that the state names, the
// list again. A program without Swift has neither.
extern void swift_task_enterThreadLocalContext(void *state[2]) __attribute__((weak));
extern void swift_task_exitThreadLocalContext(void *state[2]) __attribute__((weak));

typedef struct Access {
  void *pointer, *pc;
  uint64_t nextAndKind;
} Access;

void r3_forget_accesses(uint64_t low, uint64_t high) {
  if (!swift_task_enterThreadLocalContext || !swift_task_exitThreadLocalContext) return;
  void *state[2] = {0, 0};
  swift_task_enterThreadLocalContext(state);
  Access *first = state[0], *rest = first;
  // A node elsewhere that is newer than one of the abandoned frames was opened by them, too.
  for (Access *access = first; access;) {
    Access *next = (Access *)(access->nextAndKind & ~7ull);
    if ((uint64_t)access >= low && (uint64_t)access < high) rest = next;
    access = next;
  }
  if (rest == first) return;
  state[0] = rest;
  state[1] = 0;
  swift_task_exitThreadLocalContext(state);
}
