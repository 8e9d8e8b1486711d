import { defaultConfig, emptyWorkspace, type Engine, type LintContext } from '../../../shared/src/index';

/** What the engine tries its rules on: the instructions and fields that nearly every file has. */
const samples: readonly (readonly [path: string, text: string])[] = [
  [
    'warm-up/Dockerfile',
    `FROM node:20 AS build
WORKDIR /app
COPY package.json .
RUN apt-get update && apt-get install -y curl git \\
  && rm -rf /var/lib/apt/lists/*
RUN curl -fsSL https://example.com/tool.tar.gz | tar xz
RUN npm ci && npm run build
FROM node:20-slim
ENV NODE_ENV=production
COPY --from=build --chown=node /app /app
EXPOSE 8080
HEALTHCHECK CMD curl -f http://localhost:8080/
USER node
CMD ["node", "server.js"]
`,
  ],
  [
    'warm-up/deployment.yaml',
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: example.com/web:1.0
          ports:
            - containerPort: 8080
          env:
            - name: MODE
              value: production
          securityContext:
            allowPrivilegeEscalation: false
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
`,
  ],
];

/** How many versions of the samples are checked: it takes some forty edits until the engine is compiled. */
const rounds = 40;
/** The longest that all of it may take, in milliseconds of work. */
const mostMs = 1500;
/** Between two checks whatever waits is answered. */
const pauseMs = 5;
/** While somebody opens and edits documents, these have the engine compiled, and nothing delays them. */
const quietMs = 1000;

let begun = false;

/**
 * Has the engine compiled before somebody types: checks versions of two small files, one at a time, and lets everything that waits run
 * between them. Once for a process.
 * @param lastChange when a document was opened or edited last, on the clock of `performance`
 */
export function warmUp(engine: Engine, lastChange: () => number): void {
  if (begun) return;
  begun = true;
  const context: LintContext = { config: defaultConfig, today: '2000-01-01', workspace: emptyWorkspace, digest: () => null };
  let spent = 0;
  let next = 0;
  const step = (): void => {
    const quiet = lastChange() + quietMs - performance.now();
    if (quiet > 0) return void setTimeout(step, quiet);
    const [path, text] = samples[next % samples.length]!;
    const started = performance.now();
    const opened = engine.open({ path, text: `${text}# ${'x'.repeat(next)}\n` });
    opened.facts();
    opened.lint(context);
    spent += performance.now() - started;
    if (++next < rounds * samples.length && spent < mostMs) setTimeout(step, pauseMs);
  };
  setTimeout(step, pauseMs);
}
