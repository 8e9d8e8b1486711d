import { parseImageReference } from '../../../syntax/image/reference';
import { registryTrust } from '../../../knowledge/registries';
import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { isNull, textOf } from '../model/value';

export const rule = defineRule({
  id: 'compose/pulled-before-built',
  title: 'Image may be pulled instead of built',
  severity: 'info',
  category: 'supply-chain',
  profile: 'recommended',
  references: {
    nist800190: ['3.1.5', '4.1.5'],
    cwe: ['CWE-829'],
    links: ['https://docs.docker.com/reference/compose-file/build/#using-build-and-image'],
  },
  peers: { dclint: ['no-build-and-image'] },
  messages: {
    pulled: { text: 'If {image} is not available locally, "docker compose up" pulls it instead of building it' },
    built: { text: 'Built here' },
  },
  fixes: { build: { title: 'Never pull the image (pull_policy: build)', class: 'attended' } },
  assumptions: { 'not-published': 'No image with this name needs to come from a registry' },
  needsWhole: true,
  on: {
    container(service, report, { trustedRegistries }) {
      const image = service.at('image');
      const text = textOf(image);
      const policy = textOf(service.at('pull_policy'));
      const build = service.at('build');
      if (!image || !text || !build || isNull(build) || service.isInherited(image) || policy === 'build' || policy === 'never') return;
      const reference = parseImageReference(text);
      if (reference.invalid === null && trustedRegistries.length > 0 && registryTrust(reference, trustedRegistries) === 'trusted') return;
      // Docker Hub has no repository below another's
      if (reference.invalid === null && reference.registry === null && reference.repository.split('/').length > 2) return;
      const key = service.node?.entry('build')?.key;
      const built = key && report.related(key.range, 'built');
      const fix = report.fix('build', () => [setValue([...service.path, 'pull_policy'], 'build', 'image')], {
        assumes: [{ id: 'not-published' }],
      });
      report(service.settingOf(image).range, 'pulled', { image: text }, built, fix);
    },
  },
});
