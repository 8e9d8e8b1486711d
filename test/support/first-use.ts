/**
 * What the product is for, in the words of a newcomer: three bare files, each with one squiggle for what is wrong with it, one click that mends
 * it, the right bytes, and one undo. `test/containers` builds the Dockerfile that comes out.
 */
export interface FirstUse {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  readonly rule: string;
  /** The underlined token, with its place. */
  readonly token: string;
  /** The entry of the light bulb. */
  readonly entry: RegExp;
  readonly mended: string;
}

const deployment = (pod: string, container: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cache
spec:
  selector:
    matchLabels: { app: cache }
  template:
    metadata:
      labels: { app: cache }
    spec:
${pod}      containers:
        - name: redis # the only one
          image: redis:8.2.1
${container}`;

/** The three files. The first one is also a service of `test/containers`, which is built and started as it comes out. */
export const firstUse: readonly FirstUse[] = [
  {
    title: 'a Dockerfile without USER',
    file: 'Dockerfile',
    text: 'FROM node:26.1.0\nWORKDIR /app\n# the service\nCOPY server.js ./\nCMD ["node", "server.js"]\n',
    rule: 'dockerfile/root-user',
    token: '0:5 node:26.1.0',
    entry: /^Run as user 1000\b/,
    mended: 'FROM node:26.1.0\nWORKDIR /app\n# the service\nCOPY server.js ./\nUSER 1000\nCMD ["node", "server.js"]\n',
  },
  {
    title: 'a Dockerfile with a moving tag',
    file: 'Dockerfile',
    text: '# the newest\nFROM node:latest AS run\nUSER 1000\n',
    rule: 'dockerfile/latest-tag',
    token: '1:10 latest',
    entry: /^Use node:26,/,
    mended: '# the newest\nFROM node:26 AS run\nUSER 1000\n',
  },
  {
    title: 'a Deployment without securityContext',
    file: 'cache.yaml',
    text: deployment('', ''),
    rule: 'kubernetes/run-as-root',
    token: '12:16 redis',
    entry: /^Run as a non-root user\b/,
    mended: deployment('      securityContext:\n        runAsNonRoot: true\n        runAsUser: 999\n', ''),
  },
];
