// The extension ships two servers and two clients, one of each for Node and one for the web, and two of a kind differ in their hosts alone. What
// is the same for both (the engine with its rules and data, the features, the protocol) is bundled once and loaded by both: a package half as large.
import { relative, sep } from 'node:path';

/** What no host changes of vscode-languageserver, vscode-languageclient and what these are made of. */
const protocol = /\/vscode-[\w-]+\/lib\/(?:common|esm)\//;

/** All of both servers but their hosts, in dist/core.js. A worker loads it as a script, which has no exports: so its modules are in the global object. */
export const ofServers = {
  store: 'globalThis[Symbol.for("bulkhead.core")]',
  isCommon: module =>
    protocol.test(module) ||
    /^shared\/src\//.test(module) ||
    (/^server\/src\//.test(module) && !/^server\/src\/(?:host\/|prove\/|main\.)/.test(module)),
  // The engine's face is there for what loads the bundle by itself, tests among them.
  modules: ['engine/create-engine.ts', 'families/generated/index.js', 'workspace/workspace-index.ts', 'engine/config/effective.ts'].map(
    name => `shared/src/${name}`,
  ),
  wrap: modules => `${ofServers.store} = ${modules};`,
  /** How each server loads it before its own code runs. The first message to a worker names its address: a worker cannot know where it came from. */
  loaders: {
    node: { banner: { js: 'require("./core.js");' } },
    browser: {
      banner: { js: 'self.addEventListener("message", event => { importScripts(event.data.core);' },
      footer: { js: '}, { once: true });' },
    },
  },
};

/**
 * All of both clients but their hosts, in dist/browser/client.js: a web extension is one file, whose `require` knows `vscode` alone. So the client for Node takes
 * the modules of that file, which loads what only the web needs when VS Code starts it.
 */
export const ofClients = {
  store: 'commonModules',
  isCommon: module => protocol.test(module) || /^client\/src\/(?!main\.|registry\/)/.test(module),
  modules: [],
  wrap: modules => `const host = () => require("./client/src/main.browser.ts");
module.exports = { activate: context => host().activate(context), deactivate: () => host().deactivate(), modules: ${modules} };`,
  loaders: { node: { banner: { js: 'const commonModules = require("./browser/client.js").modules;' } } },
};

/** The plugin that takes common modules out of a bundle, and then the source of the bundle of all that it took; `root` is the checkout. */
export function takeCommon(root, { store, isCommon, modules, wrap }) {
  const taken = new Set(modules);
  const plugin = {
    name: 'common',
    setup(builder) {
      builder.onResolve({ filter: /^[.]{1,2}\/|^vscode-/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === taken || kind === 'entry-point') return undefined;
        const resolved = await builder.resolve(path, { importer, resolveDir, kind, pluginData: taken });
        if (resolved.errors.length > 0) return undefined;
        const module = relative(root, resolved.path).split(sep).join('/');
        if (!isCommon(module)) return undefined;
        taken.add(module);
        return { path: module, namespace: 'common' };
      });
      builder.onLoad({ filter: /.*/, namespace: 'common' }, ({ path }) => ({
        contents: `module.exports = ${store}[${JSON.stringify(path)}];`,
      }));
    },
  };
  const source = () => {
    const entries = [...taken].sort().map(module => `${JSON.stringify(module)}: require(${JSON.stringify(`./${module}`)}),`);
    return { contents: wrap(`{\n${entries.join('\n')}\n}`), resolveDir: root, sourcefile: 'common' };
  };
  return { plugin, source };
}
