/** What the sweeps take: by default a sample that is the same each time; `BULKHEAD_FULL_SWEEP=1` is all of it, `=i/n` part i of n. */
export const sweep = ((): { readonly full: boolean; readonly part: number; readonly of: number } => {
  const asked = process.env['BULKHEAD_FULL_SWEEP'] ?? '';
  const [part = 0, of = 1] = /^(\d+)\/(\d+)$/.exec(asked)?.slice(1).map(Number) ?? [];
  return { full: asked !== '', part: part % of, of };
})();
