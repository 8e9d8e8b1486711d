import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { root } from '../support/built';
import { bulkhead, today } from './cli';

// In the checkout, as whoever has cloned it does: what lies around the examples is none of theirs.

/** The lines that harden takes out of an example and puts in. */
function changes(path: string, ...options: readonly string[]): string {
  const { stdout } = bulkhead(['harden', ...options, ...today, `examples/${path}`], { cwd: root });
  return stdout
    .split('\n')
    .filter(line => /^[-+](?!--|\+\+)/.test(line))
    .join('\n');
}

const user = `+RUN groupadd --system --gid 10001 app && useradd --system --no-log-init --uid 10001 --gid app --no-create-home app
+USER 10001`;

test('examples/gate/own has a policy of each kind and a rule of its own, and what breaks them', () => {
  const { stdout } = bulkhead(['lint', '--format', 'concise', ...today, 'examples/gate/own/web.yaml'], { cwd: root });
  const lines = stdout.split('\n').filter(line => /\[(?:policy\/violates|custom\/.*)\]$/.test(line));
  expect(lines.map(line => line.replace('examples/gate/own/web.yaml:', '')).sort()).toEqual([
    '20:18: error: Deployment "web" is rejected by ValidatingAdmissionPolicy "our-registry": Images come from registry.example.com [policy/violates]',
    '3:1: warning: Every Deployment names who is on call [custom/on-call]',
    '6:3: error: Deployment "web" is rejected by ValidatingPolicy "team-label": A label says which team runs it [policy/violates]',
    '9:13: error: Deployment "web" is rejected by ClusterPolicy "two-replicas": Two replicas at least [policy/violates]',
  ]);
  expect(bulkhead(['rules', '--test', '--config', 'examples/gate/own/.bulkhead.yaml'], { cwd: root }).code).toBe(0);
});

describe('harden in a clone', () => {
  test.each([
    [
      'node-service/insecure/Dockerfile',
      `-ADD package.json package-lock.json ./
+COPY package.json package-lock.json ./
-ADD server.js ./
-ADD lib ./lib
+COPY server.js ./
+COPY lib ./lib
-CMD node server.js
+USER 1000
+CMD ["node", "server.js"]`,
    ],
    // nobody here reads Go, and it starts among its sources: a person says whether it writes there
    ['go-service/insecure/Dockerfile', `-ENTRYPOINT /usr/local/bin/api\n+ENTRYPOINT ["/usr/local/bin/api"]`],
    [
      'python-service/insecure/Dockerfile',
      `-    apt-get install build-essential libpq-dev && \\
-    pip install --trusted-host pypi.example.com gunicorn
+    apt-get install -y build-essential libpq-dev && \\
+    pip install --no-cache-dir --trusted-host pypi.example.com gunicorn && \\
+    rm -rf /var/lib/apt/lists/*
-RUN pip install -r requirements.txt
+RUN pip install --no-cache-dir -r requirements.txt
-CMD gunicorn --bind 0.0.0.0:8000 app:application
${user}
+CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:application"]`,
    ],
    [
      'nginx-site/insecure/Dockerfile',
      `-RUN apt-get update && apt-get install -y curl | tee /tmp/install.log
+RUN apt-get update && apt-get install -y curl | tee /tmp/install.log && rm -rf /var/lib/apt/lists/*
-CMD ["nginx", "-g", "daemon off;"]`,
    ],
  ])('%s', (path, expected) => expect(changes(path)).toBe(expected));

  test.each([
    [
      'node-service/insecure/Dockerfile',
      `-FROM node:24
+FROM node:24-slim
-ADD package.json package-lock.json ./
-RUN npm ci
-ADD server.js ./
-ADD lib ./lib
-ENV SESSION_SECRET=correct-horse-battery-staple
+COPY package.json package-lock.json ./
+RUN npm ci --omit=dev
+COPY server.js ./
+COPY lib ./lib
-CMD node server.js
+RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
+USER 1000
+HEALTHCHECK CMD ["bash", "-c", "</dev/tcp/127.0.0.1/3000"]
+ENTRYPOINT ["tini", "--", "docker-entrypoint.sh"]
+CMD ["node", "server.js"]`,
    ],
    [
      'go-service/insecure/Dockerfile',
      `-RUN curl -k https://ca.example.com/root.pem -o /etc/ssl/certs/corp.pem
+RUN curl https://ca.example.com/root.pem -o /etc/ssl/certs/corp.pem
-ENTRYPOINT /usr/local/bin/api
${user}
+HEALTHCHECK CMD ["bash", "-c", "</dev/tcp/127.0.0.1/8080"]
+ENTRYPOINT ["/usr/local/bin/api"]
+.git
+**/.env*
+!**/.env.example
+**/*.pem
+**/*.key
+Dockerfile
+.dockerignore`,
    ],
  ])('%s, with every fix accepted', (path, expected) => expect(changes(path, '--accept', 'all')).toBe(expected));

  test('no image of a manifest is taken for what a test of this repository builds', () => {
    const manifests = execFileSync('git', ['ls-files', 'examples/*/insecure/*.yaml'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
    expect(manifests.length).toBeGreaterThan(5);
    const { stderr } = bulkhead(['harden', '--accept', 'all', ...today, ...manifests], { cwd: root });
    expect(stderr).not.toContain('test/');
  });
});
