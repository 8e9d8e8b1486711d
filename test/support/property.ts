import fc from 'fast-check';

// A change is judged by what it changes: in CI properties see the same values each time. Everywhere else they search on.
if (process.env.CI === 'true') fc.configureGlobal({ seed: 1 });

/** fast-check, for tests. */
export { fc };
