import { parseImageReference, type ImageReference } from '../../../syntax/image/reference';
import { isOwner, type Repository } from '../../../workspace/repository';
import { registryTrust } from '../../../knowledge/registries';
import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { isNull, textOf } from '../model/value';

/**
 * Whether a stranger may have published an image under a name: not one without an owner, which is Docker's own; nor one below another, which Docker Hub
 * has not; nor one of the owner of this repository. A registry whose name ends in a number is none, as the `sail-8.4` of `sail-8.4/app`.
 */
function mayBeOfStranger({ registry, repository: name }: ImageReference, own: Repository | null): boolean {
  const [owner, ...below] = name.split('/');
  if (registry === null) return below.length === 1 && !isOwner(own, owner!);
  const isAddress = /^\d{1,3}(?:\.\d{1,3}){3}(?::|$)|[:\]]/.test(registry);
  if (!isAddress && /\.\d{1,20}$/.test(registry)) return false;
  return registry === 'localhost' || !isOwner(own, owner!) || !/^(?:ghcr\.io|quay\.io|docker\.io|registry\.gitlab\.com)$/.test(registry);
}

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
    container(service, report, { trustedRegistries, repository }) {
      const image = service.at('image');
      const text = textOf(image);
      const policy = textOf(service.at('pull_policy'));
      const build = service.at('build');
      if (!image || !text || !build || isNull(build) || service.isInherited(image) || policy === 'build' || policy === 'never') return;
      const reference = parseImageReference(text);
      if (reference.invalid === null && trustedRegistries.length > 0 && registryTrust(reference, trustedRegistries) === 'trusted') return;
      if (reference.invalid === null && !mayBeOfStranger(reference, repository())) return;
      const key = service.node?.entry('build')?.key;
      const built = key && report.related(key.range, 'built');
      const fix = report.fix('build', () => [setValue([...service.path, 'pull_policy'], 'build', 'image')], {
        assumes: [{ id: 'not-published' }],
      });
      report(service.settingOf(image).range, 'pulled', { image: text }, built, fix);
    },
  },
});
