/** Works something out when it is first asked for: what a run does not need costs its start nothing. */
export function lazily<T>(compute: () => T): () => T {
  let known: { readonly value: T } | null = null;
  return () => (known ??= { value: compute() }).value;
}
