import { healthFixes } from '../fix/health';
import { stageProfile, verifiedFacts } from '../model/stage-image';
import { startsSomething } from '../model/stage-start';
import { chainInstructions } from '../model/chain';
import { startOf } from '../model/start';
import { endsByItself, onlySchedules } from '../../../evidence/program/started-command';
import { defineRule, noFix, silencing, weighs } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/missing-healthcheck',
  title: 'No HEALTHCHECK',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { cisDocker: ['4.6'] },
  peers: {
    hadolint: ['DL3057'],
    trivy: ['DS-0026'],
    checkov: ['CKV_DOCKER_2'],
    kics: ['Healthcheck Instruction Missing'],
    dockle: ['CIS-DI-0006'],
    tally: ['hadolint/DL3057'],
  },
  messages: {
    missing: { text: 'The image has no HEALTHCHECK, so Docker cannot tell whether its process works' },
    stage: { text: 'The stage without a health check' },
  },
  fixes: {
    ping: { title: 'HEALTHCHECK: query the server', class: 'attended' },
    request: { title: 'HEALTHCHECK: request a page over HTTP', class: 'attended' },
    connect: { title: 'HEALTHCHECK: connect to port {port}', class: 'attended' },
  },
  assumptions: {
    pings: 'The health check reaches the server without a password, or counts a password prompt as healthy',
    serves: 'The page responds whenever the service is healthy, and needs neither a login nor TLS',
    listens: 'The service listens on port {port} within 90 seconds of its start',
  },
  needsWhole: true,
  on: {
    stage(stage, report, { path, workspace }) {
      if (!stage.isFinal || stage.windows) return;
      const { healthcheck, cmd, entrypoint } = stage.state;
      const profile = stageProfile(stage);
      // Images that set no command, on a base that is no server, or a shell or interpreter alone, are tools and bases: what they are going to
      // run is not known here.
      const starts = (cmd ?? entrypoint) ? startsSomething(startOf(stage), profile) : profile?.kind === 'server';
      // the image may have one that this file does not show
      const inherited = verifiedFacts(stage, workspace)?.health?.[0] ?? 'NONE';
      const { words } = startOf(stage);
      if (healthcheck || inherited !== 'NONE' || !starts || endsByItself(words) || onlySchedules(words)) return;
      // services that bring a check of their own leave that of the image aside, and those that run once need none
      const services = workspace.servicesOf(path);
      if (services.length > 0 && services.every(({ service }) => service.hasHealthcheck || service.isOnce)) return;
      const listens = profile?.kind === 'server' || chainInstructions(stage).some(({ keyword }) => keyword === 'EXPOSE');
      const { ping, request, connect, port } = healthFixes(stage);
      const data = { port };
      // what is to be watched is what the file starts; a comment at FROM still silences it
      const start = entrypoint ?? cmd;
      report(
        start?.keywordRange ?? stage.image.range,
        'missing',
        {},
        start && silencing(report.related(stage.image.range, 'stage')),
        // what listens nowhere ends by itself, or is looked at by a person
        !listens && weighs('hint'),
        ping && report.fix('ping', ping.operations, { assumes: [{ id: 'pings' }] }),
        request && report.fix('request', request.operations, { places: request.places, assumes: [{ id: 'serves' }] }),
        connect && report.fix('connect', connect.operations, { data, assumes: [{ id: 'listens', data }] }),
        !ping && !request && !connect && noFix('manual'),
      );
    },
  },
});
