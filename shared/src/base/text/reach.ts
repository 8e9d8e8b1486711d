/**
 * Whether what runs looks beyond the piece of a text that it was given: at the rest of its file, or at what other files say. Views declare which of their
 * members lead out of a piece; what was worked out without them holds wherever the same piece stands.
 */
let isOut = false;

/** Hands on something that stands beyond the piece. */
export function beyond<T>(value: T): T {
  isOut = true;
  return value;
}

/**
 * Declares of each member of a view whether it leads out of the piece that the view is of. A new member does not compile before somebody has said so. Those that
 * do are getters and methods of the class, which have no more to do for it.
 */
export function declareReach<V extends object>(
  { prototype }: { readonly prototype: V },
  members: Readonly<Record<keyof V & string, 'within' | 'beyond'>>,
): void {
  for (const [name, leads] of Object.entries(members)) {
    if (leads === 'within') continue;
    const found = Object.getOwnPropertyDescriptor(prototype, name) as { readonly get?: Member; readonly value?: Member } | undefined;
    if (found?.get) Object.defineProperty(prototype, name, { get: marking(found.get), configurable: true });
    else if (found?.value) Object.defineProperty(prototype, name, { value: marking(found.value), configurable: true });
    else throw new Error(`${name} is neither a getter nor a method, so that nothing sees who asks for it`);
  }
}

type Member = (this: unknown, ...given: unknown[]) => unknown;

function marking(member: Member): Member {
  return function (...given) {
    isOut = true;
    return member.apply(this, given);
  };
}

/** Works out what a piece keeps for whoever asks: that it was the first to ask is no matter of the asker. */
export function unreached<T>(compute: () => T): T {
  const before = isOut;
  try {
    return compute();
  } finally {
    isOut = before;
  }
}

/** What was worked out once for many that ask, and whether that looked beyond the piece of who asked first. */
export interface Reached<T> {
  readonly value: T;
  readonly isOut: boolean;
}

/** Works something out, to be kept with whether it looked beyond its piece: `reachAgain` gives that to who asks later. */
export function withReach<T>(compute: () => T): Reached<T> {
  const before = isOut;
  isOut = false;
  try {
    const value = compute();
    return { value, isOut };
  } finally {
    isOut ||= before;
  }
}

/** The value, for somebody who has looked at the same by asking for it. */
export function reachAgain<T>(reached: Reached<T>): T {
  isOut ||= reached.isOut;
  return reached.value;
}
