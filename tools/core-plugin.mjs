// The extension ships two servers, one for Node and one for a worker, and all but their hosts is the same: the engine with its rules and
// data, the server's features, the protocol. That becomes a bundle of its own, dist/core.js, that both load: a package half as large.
import { build } from 'esbuild';
import { join, relative, sep } from 'node:path';

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
  // The engine's face is there for whoever loads the bundle by itself, tests among them.
  const modules = new Set(
    ['engine/create-engine.ts', 'families/generated/index.js', 'workspace/workspace-index.ts', 'engine/config/effective.ts'].map(
      name => `shared/src/${name}`,
    ),
  );

  /** Whether a module is the same for all hosts. */
  const isCommon = path =>
    /^shared\/src\//.test(path) ||
    (/^server\/src\//.test(path) && !/^server\/src\/(?:host\/|prove\/|main\.)/.test(path)) ||
    /\/vscode-[\w-]+\/lib\/(?:common|esm)\//.test(path);

  /** Takes what is the same for all hosts out of a server's bundle. */
  const plugin = {
    name: 'core',
    setup(builder) {
      builder.onResolve({ filter: /^[.]{1,2}\/|^vscode-/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === store || kind === 'entry-point') return undefined;
        const resolved = await builder.resolve(path, { importer, resolveDir, kind, pluginData: store });
        if (resolved.errors.length > 0) return undefined;
        const module = relative(root, resolved.path).split(sep).join('/');
        if (!isCommon(module)) return undefined;
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
      mainFields: ['browser', 'module', 'main'],
    });
  };
  return { plugin, loaders, buildCore };
}
