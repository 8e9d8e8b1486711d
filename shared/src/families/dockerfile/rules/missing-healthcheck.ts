import { stageProfile } from '../model/stage-image';
import { startsSomething } from '../model/stage-start';
import { startOf } from '../model/start';
import { defineRule, noFix } from '../../../rule/define-rule';

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
  messages: { missing: { text: 'The image has no HEALTHCHECK, so Docker cannot tell whether its process works' } },
  needsWhole: true,
  on: {
    stage(stage, report) {
      if (!stage.isFinal || stage.windows) return;
      const { healthcheck, cmd, entrypoint } = stage.state;
      // Images that set no command, or a shell or interpreter alone, are tools and bases: what they are going to run is not known here.
      if (healthcheck || (!cmd && !entrypoint) || !startsSomething(startOf(stage), stageProfile(stage))) return;
      report(stage.image.range, 'missing', {}, noFix('manual'));
    },
  },
});
