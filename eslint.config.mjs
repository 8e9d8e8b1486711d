import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Only configuration files need a default export; everything else exports by name. */
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name.',
};

/** What plain JavaScript files may use without an import. */
const nodeGlobals = [
  'process',
  'console',
  'URL',
  'Buffer',
  'fetch',
  'performance',
  'AbortController',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'TextEncoder',
  'clearInterval',
];

export default defineConfig(
  {
    ignores: [
      'dist/',
      '.tsbuild/',
      '.vscode-test/',
      'test-results/',
      'coverage/',
      'examples/',
      'test/containers/services/',
      'test/containers/dockerfiles/',
      'test/evidence/programs/',
      '**/generated/',
      '**/*.generated.*',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-syntax': ['error', noDefaultExport],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    // One thing per file: design, section 10. Rules have their own, smaller limit.
    files: ['shared/**/*.ts', 'server/**/*.ts', 'client/**/*.ts', 'tools/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 400 }] },
  },
  {
    // The engine has no host: what it needs from one comes in through ports.
    files: ['shared/src/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['node:*', 'vscode', 'vscode-*'] }],
      'no-restricted-globals': ['error', 'process', 'window', 'document', 'fetch', 'console', 'Buffer', 'setTimeout'],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/require-await': 'off' },
  },

  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(nodeGlobals.map(name => [name, 'readonly'])),
    },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }] },
  },
);
