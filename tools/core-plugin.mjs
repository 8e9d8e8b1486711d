// The engine with its rules and data is most of a server bundle, and the extension ships two servers: one for Node, one for a worker.
// So the engine becomes a bundle of its own, dist/core.js, that both load: a package half as large.
import { build } from 'esbuild';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** Where dist/core.js leaves its modules, by their path in the checkout. */
const store = 'globalThis[Symbol.for("bulkhead.core")]';

/** How each server loads the core before its own code runs. In a worker the first message names its address: a worker cannot know where it came from. */
const loaders = {
  node: { banner: { js: 'require("./core.js");' } },
  browser: {
    banner: { js: 'self.addEventListener("message", event => { importScripts(event.data.core);' },
    footer: { js: '}, { once: true });' },
  },
};

/** Makes the parts that a build of the servers needs; `root` is the checkout. */
export function shareCore(root) {
  const modules = new Set();

  /** Takes what server/ imports from shared/ out of its bundle. */
  const plugin = {
    name: 'core',
    setup(builder) {
      builder.onResolve({ filter: /\/shared\/src\// }, ({ path, importer, resolveDir }) => {
        const from = relative(root, dirname(importer)).split(sep).join('/');
        if (!from.startsWith('server/src')) return undefined;
        const module = relative(root, resolve(resolveDir, path)).split(sep).join('/');
        modules.add(module);
        return { path: module, namespace: 'core' };
      });
      builder.onLoad({ filter: /.*/, namespace: 'core' }, ({ path }) => ({
        contents: `module.exports = ${store}[${JSON.stringify(path)}];`,
      }));
    },
  };

  /** Bundles everything that the plugin has taken out so far. */
  const buildCore = options => {
    const entries = [...modules].sort().map(module => `${JSON.stringify(module)}: require(${JSON.stringify(`./${module}`)}),`);
    return build({
      ...options,
      stdin: { contents: `${store} = {\n${entries.join('\n')}\n};`, resolveDir: root, sourcefile: 'core' },
      outfile: join(root, 'dist/core.js'),
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      inject: [join(root, 'tools/worker-globals.mjs')],
      mainFields: ['browser', 'module', 'main'],
    });
  };
  return { plugin, loaders, buildCore };
}
