import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../shared/src/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rule } from '../../../shared/src/families/dockerfile/rules/root-user';
import { emptyWorkspace } from '../../../shared/src/workspace/workspace-index';

const engine = createEngine([rule]);
const context = { config: defaultConfig, today: '2026-11-24', workspace: emptyWorkspace, digest: () => null };

/** How the user of a Dockerfile is offered: `id:class` of each fix, or the reason why there is none. */
function offers(text: string): readonly string[] {
  const [found] = engine.open({ path: 'Dockerfile', text }).lint(context).findings;
  if (!found) return [];
  return found.fixes.length > 0 ? found.fixes.map(fix => `${fix.id}:${fix.class}`) : [found.left?.reason ?? ''];
}

describe('the user of a stage', () => {
  const created = ['user:review', 'by-name:attended', 'by-number:attended'];
  const doubtful = ['user:attended', 'by-name:attended', 'by-number:attended'];
  it.each<[string, string, readonly string[]]>([
    ['is created', 'FROM debian:13\nCOPY a /a\nCMD ["/a"]\n', created],
    ['may have to write what is mounted', 'FROM debian:13\nCOPY a /a\nWORKDIR /io\nCMD ["/a"]\n', doubtful],
    ['works in a folder that was made', 'FROM debian:13\nRUN mkdir /io\nCOPY a /a\nWORKDIR /io\nCMD ["/a"]\n', created],
    ['works in a folder that is filled', 'FROM debian:13\nWORKDIR /io\nCOPY a .\nCMD ["./a"]\n', created],
    ['keeps files at home', 'FROM debian:13\nCOPY a /bin/ollama\nCMD ["ollama", "serve"]\n', doubtful],
    ['runs in an environment that lies at home', 'FROM python:3.13\nCOPY . /app\nCMD ["uv", "run", "app"]\n', doubtful],
    ['runs what lies beside it', 'FROM node:24\nCOPY . /app\nCMD ["npx", "next", "start"]\n', ['user:review', 'by-name:attended']],
    ['needs a home alone', 'FROM python:3.13\nCOPY . /app\nCMD ["streamlit", "run", "app.py"]\n', created],
    ['runs a Tomcat for others', 'FROM eclipse-temurin:21\nCMD ["catalina.sh", "run"]\n', doubtful],
    ['runs a Tomcat', 'FROM eclipse-temurin:21\nCOPY a.war /opt/tomcat/webapps/\nCMD ["catalina.sh", "run"]\n', created],
    [
      'starts a service of Windows',
      'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nCMD ["C:\\\\ServiceMonitor.exe", "a"]\n',
      ['needs-root'],
    ],
    ['has a service of Windows from its image', 'FROM mcr.microsoft.com/windows/servercore/iis\nCOPY a C:/inetpub\n', ['needs-root']],
    ['starts a daemon of containers', 'FROM debian:13\nENTRYPOINT ["dockerd-entrypoint.sh"]\n', ['needs-root']],
  ])('%s', (_, text, expected) => expect(offers(text)).toEqual(expected));

  it('comes with a twin of the image where nothing is built on it', () => {
    const start = 'ENTRYPOINT ["/a"]\n';
    expect(offers(`FROM nginx:1.31-alpine\nCOPY a /a\n${start}`)).toContain('twin:attended');
    expect(offers(`FROM nginx:1.31-alpine\nRUN apk add bash\nCOPY a /a\n${start}`)).not.toContain('twin:attended');
    expect(offers(`FROM nginx:1.31-alpine\nENV DOCKER_HOST=unix:///tmp/docker.sock\nCOPY a /a\n${start}`)).toEqual(['needs-root']);
  });
});
